"""`firehose play`: mParticle in a box, a day of it against the endpoint, and what became of it."""
