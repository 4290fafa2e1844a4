"""What should exist, as plain data: mParticle's facts, the partner's choices, the regions."""
