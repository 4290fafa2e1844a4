"""Which lines about good answers are written: a share of the messages, and those to be traced."""

from __future__ import annotations

from collections.abc import Mapping
from zlib import crc32

import msgspec

SAMPLE_VARIABLE = "FIREHOSE_LOG_SAMPLE"
TRACED_VARIABLE = "FIREHOSE_LOG_TRACED"
_CHANCES = 2**32


class Sampling(msgspec.Struct, frozen=True, kw_only=True):
    """`share` of the messages, 0 to 1, and those in `traced`: ids of messages or of customers.

    The id of a message decides, so that endpoint and worker write about the same ones.
    """

    share: float = 1.0
    traced: tuple[str, ...] = ()

    def keeps(self, message_id: str | None, account_id: int | None) -> bool:
        """Whether the line of this message is written although nothing went wrong."""
        if self.traced and (message_id in self.traced or str(account_id) in self.traced):
            return True
        return crc32((message_id or "").encode()) < self.share * _CHANCES

    def to_environment(self) -> dict[str, str]:
        """Give the variables of a function; none where every line is written."""
        if self.share >= 1:
            return {}
        traced = {TRACED_VARIABLE: ",".join(self.traced)} if self.traced else {}
        return {SAMPLE_VARIABLE: f"{self.share:g}"} | traced

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Sampling:
        """Read the variables back; without them every line is written."""
        traced = environment.get(TRACED_VARIABLE)
        return cls(
            share=float(environment.get(SAMPLE_VARIABLE, "1")),
            traced=tuple(traced.split(",")) if traced else (),
        )
