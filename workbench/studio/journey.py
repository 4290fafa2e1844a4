"""One message from its arrival to its delivery: every passage, and where it is now."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from firehose import Request
from probe.https_endpoint import path_of
from workbench.in_process_worker import WorkerTry
from workbench.masking import Mask
from workbench.memory_sqs import StoredMessage
from workbench.message_runner import MessageOutcome
from workbench.passages import Passage


def path_for(request: Request | None) -> str:
    """Name the path that a message is posted to; what is none is posted like events."""
    return path_of(request.type) if request else "events"


@dataclass(slots=True, kw_only=True)
class Journey:
    """A message that came in, and all that has come of it.

    `way` is `lambda`, or the method and path of an HTTP request. `outcome` is what mParticle was
    given, none before: over HTTP the response of API Gateway, else what the function returned or
    raised. `queued` is the copy that waits, none where none does; when it was queued it was due at
    `due_at` of `time.time`.
    """

    number: int
    way: str
    content: bytes = field(repr=False)
    request: Request | None = field(repr=False)
    limit_ms: int
    arrived_at: float = field(default_factory=time.time)
    answered: Passage | None = None
    outcome: MessageOutcome | None = field(default=None, repr=False)
    tries: list[tuple[WorkerTry, Passage]] = field(default_factory=list)
    queued: StoredMessage | None = None
    due_at: float | None = None
    mask: Mask = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.mask = Mask(self.request, identities=False)

    @property
    def is_http(self) -> bool:
        """Whether it came over HTTP."""
        return self.way != "lambda"

    @property
    def passages(self) -> list[Passage]:
        """Every passage, that of the endpoint first."""
        first = [self.answered] if self.answered else []
        return [*first, *(passage for _, passage in self.tries)]

    @property
    def size(self) -> int:
        """The bytes that it keeps, about."""
        calls = (it for passage in self.passages for it in passage.exchanges)
        return 2_000 + 4 * len(self.content) + sum(len(it.call.body) + 500 for it in calls)
