"""Operator commands, installed as `firehose` (also `python -m ops`)."""
