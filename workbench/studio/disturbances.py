"""What the stand-in services answer: per path, for a share of the calls, changed at any time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import msgspec

from local.service_calls import Behaviour, Choice, ReceivedCall

LONGEST_SECONDS = 30


class Disturbance(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What calls below a path are answered, `share` percent of them; the rest goes well.

    An empty path is every path. `body` is the answer's text.
    """

    path: str = ""
    share: Annotated[int, msgspec.Meta(ge=0, le=100)] = 100
    status: Annotated[int, msgspec.Meta(ge=200, le=599)] = 200
    retry_after: Annotated[int, msgspec.Meta(ge=0, le=86_400)] | None = None
    seconds: Annotated[float, msgspec.Meta(ge=0, le=LONGEST_SECONDS)] = 0.0
    resets: bool = False
    body: Annotated[str, msgspec.Meta(max_length=1_000_000)] = ""

    @property
    def behaviour(self) -> Behaviour:
        """What the service does with a call that meets it."""
        return Behaviour(
            status=self.status,
            body=self.body.encode(),
            retry_after=self.retry_after,
            seconds=self.seconds,
            resets=self.resets,
        )

    def covers(self, path: str) -> bool:
        """Whether a call of a path, without its query, may meet it."""
        return not self.path or path == self.path or path.startswith(f"{self.path.rstrip('/')}/")


class Disturbances:
    """The disturbances in force; of several that cover a path, the one of the longest counts.

    Calls that none disturbs are answered as the `service` chooses.
    """

    def __init__(self, service: Choice) -> None:
        self._service = service
        self.replace(())

    def replace(self, chosen: Sequence[Disturbance]) -> None:
        """Put others in place of all."""
        self.chosen = tuple(sorted(chosen, key=lambda it: -len(it.path)))
        self._met = dict.fromkeys(self.chosen, 0)

    def choose(self, call: ReceivedCall) -> Behaviour:
        """Choose what a call is answered: of a share of 30, three of every ten are disturbed."""
        path = call.path.partition("?")[0]
        for it in self.chosen:
            if it.covers(path):
                before = self._met.get(it, 0)
                self._met[it] = before + it.share
                is_met = (before + it.share) // 100 > before // 100
                return it.behaviour if is_met else self._service(call)
        return self._service(call)
