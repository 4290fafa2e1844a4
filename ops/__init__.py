"""Operators: prove, hand over and run the endpoints on AWS."""
