"""Before a deployment: what each region lacks, and the quotas to ask AWS for."""
