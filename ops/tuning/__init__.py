"""`firehose tune`: how much memory the function needs, measured with versions that nobody calls."""
