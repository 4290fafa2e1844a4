"""One file per operator command, named like it."""
