"""Answer times: calls at a fixed rate, and what their times say about mParticle's demand."""
