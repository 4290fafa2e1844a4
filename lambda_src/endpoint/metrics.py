"""Counts of messages as metrics, in CloudWatch's embedded metric format.

docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring, Embedded Metric Format.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Literal

import msgspec

METRIC_NAMESPACE = "Firehose"
METRIC_DIMENSION = "function"
"""Every metric is of one function, by its name."""

Metric = Literal[
    "accepted", "overflowed", "diverted", "delivered", "retried", "held", "rejected", "dead"
]


def embedded(counts: Mapping[Metric, int]) -> dict[str, Any]:
    """Give what makes a logged line a metric, too: the counts of this moment."""
    definition = {
        "Namespace": METRIC_NAMESPACE,
        "Dimensions": [[METRIC_DIMENSION]],
        "Metrics": [{"Name": name, "Unit": "Count"} for name in counts],
    }
    return {
        "_aws": {"Timestamp": int(time.time() * 1000), "CloudWatchMetrics": [definition]},
        METRIC_DIMENSION: os.environ.get("AWS_LAMBDA_FUNCTION_NAME", ""),
    } | dict(counts)


def write_line(content: Mapping[str, Any]) -> None:
    """Write a JSON line to standard output, where Lambda collects it.

    In one call, so that the lines of messages handled in parallel do not mix.
    """
    sys.stdout.write(f"{msgspec.json.encode(content).decode()}\n")


class Tally:
    """Counts for the length of a batch, so that its messages share one line of metrics.

    Any thread may count. What comes before or after a batch is not taken, and has to be written
    by whoever counts it.
    """

    def __init__(self) -> None:
        self._counts: Counter[Metric] = Counter()
        self._is_open = False
        self._lock = threading.Lock()

    def open(self) -> None:
        """Begin to count."""
        with self._lock:
            self._is_open = True

    def add(self, names: Sequence[Metric]) -> bool:
        """Count one of each; tell whether it was taken."""
        with self._lock:
            if self._is_open:
                self._counts.update(names)
            return self._is_open

    def close(self) -> None:
        """Write what was counted and take no more."""
        with self._lock:
            self._is_open = False
            counts, self._counts = self._counts, Counter()
        if counts:
            write_line(embedded(counts))
