"""Calling an endpoint as mParticle does: targets, messages, judging an answer, load."""
