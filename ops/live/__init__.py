"""What a region has, read once, compared with its plan."""
