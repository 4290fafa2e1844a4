"""A partner's own API, by its OpenAPI document."""
