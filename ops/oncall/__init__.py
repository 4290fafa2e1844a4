"""Every day: status, errors, messages that could not be delivered."""
