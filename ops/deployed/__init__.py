"""What is live in a region: outputs, stack, aliases, queues, differences from the plan."""
