"""The embedded AWS, and a partner's service to deliver to, on this machine."""
