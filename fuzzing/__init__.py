"""Hostile input by the million: `make fuzz` (docs/fuzzing.md)."""
