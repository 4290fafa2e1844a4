"""`firehose studio` and `serve`: messages through an integration, seen live in the browser."""
