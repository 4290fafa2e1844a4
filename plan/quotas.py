"""What AWS limits, each with its page: concurrency and its growth, requests, a function's size."""

from __future__ import annotations

# docs.aws.amazon.com/lambda/latest/dg/lambda-concurrency.html
UNRESERVED_FLOOR = 100
"""Concurrency that AWS keeps for the functions without a reservation."""
REQUESTS_PER_ENVIRONMENT = 10
"""Requests a second that one environment serves at most, however short they are."""
DEFAULT_ACCOUNT_CONCURRENCY = 1_000
"""Of an ordinary account in one region; a fresh one starts at 10."""

# docs.aws.amazon.com/lambda/latest/dg/scaling-behavior.html: 1,000 environments every 10 seconds
# for each function, refilled continuously, never saved up beyond the 1,000
SCALE_UP_BURST = 1_000
SCALE_UP_PER_SECOND = 100

# docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
IN_FLIGHT_MESSAGES = 120_000
"""Received from a standard queue and neither deleted nor visible again."""

# docs.aws.amazon.com/apigateway/latest/developerguide/limits.html, quota L-8A5B8E43: shared by
# every API of the account in the region; the burst cannot be raised
API_REQUESTS_PER_SECOND = 10_000
API_BURST = 5_000

# docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
LARGEST_PACKAGE_BYTES = 262_144_000
"""Of a function's package, unzipped, layers included."""
LEAST_MEMORY_MB, MOST_MEMORY_MB = 128, 10_240
LONGEST_CALL_SECONDS = 900

# docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html
ONE_PROCESSOR_MB = 1_769
"""With so much memory a function has one whole processor."""

LAMBDA_CONCURRENCY_QUOTA = "L-B99A9384"
API_RATE_QUOTA = "L-8A5B8E43"
"""Codes: docs.aws.amazon.com/general/latest/gr/lambda-service.html and .../apigateway.html."""
