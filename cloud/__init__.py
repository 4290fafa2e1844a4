"""AWS from outside: sessions in every region, the CDK CLI, what a stack says of itself."""
