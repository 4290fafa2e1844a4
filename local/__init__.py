"""Stand-ins on this machine: the embedded AWS, and a service in place of the partner's."""
