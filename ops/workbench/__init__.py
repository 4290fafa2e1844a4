"""The partner's workbench: their integration in this process, without AWS and without a network."""
