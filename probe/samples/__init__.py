"""Made-up messages of every type, the same for the same seed: `firehose sample`."""
