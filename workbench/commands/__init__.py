"""One file per command of an integration's author, named like it."""
