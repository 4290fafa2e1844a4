"""The token with which mParticle calls the URLs."""
