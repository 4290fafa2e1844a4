"""The entry points that mParticle calls; they run inside the Lambda package."""
