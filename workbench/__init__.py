"""Write and try an integration on this machine alone: new, try, serve, golden messages."""
