"""`firehose new --openapi`: a partner's own API, by its OpenAPI document."""
