"""mParticle's token for the URLs: from its encrypted message to every region, and its rotation."""
