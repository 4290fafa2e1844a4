"""Bring code to the regions and take it back: build, deploy, roll back, drift, destroy."""
