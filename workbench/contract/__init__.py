"""`firehose contract`: what mParticle demands of an endpoint, as named checks."""
