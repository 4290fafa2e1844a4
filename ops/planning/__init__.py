"""`firehose plan`: what will exist and what it carries, without asking AWS."""
