"""The CDK stacks: one per region, wired from small constructs."""
