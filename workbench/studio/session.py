"""A session: messages come in, the worker delivers, the code is loaded again when it changes."""

from __future__ import annotations

import itertools
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from console.exit_codes import CommandError
from endpoint.answering import ProcessingError
from endpoint.failures import QueueError
from endpoint.front_door import FrontDoor
from endpoint.tokens import Tokens
from firehose import InvalidMessage, ModuleRegistrationResponse
from plan.function import SOURCE_PACKAGE
from plan.mparticle import HTTPS_P99_MS, LAMBDA_P99_MS
from plan.problems import DeploymentError
from workbench.endpoint_routes import body_of, path_of, posted
from workbench.loaded_integration import registration_of
from workbench.message_runner import MessageRunner
from workbench.partner_trace import trace_of
from workbench.passages import Passage, Passages
from workbench.run_on_change import changes_of
from workbench.studio.disturbances import Disturbances
from workbench.studio.journey import Journey
from workbench.studio.journeys import Journeys
from workbench.studio.loaded_stage import LoadedStage
from workbench.studio.one_token import tokens_of
from workbench.trial import request_in

if TYPE_CHECKING:
    from workbench.memory_sqs import StoredMessage

_LOOK_SECONDS = 0.05


class NotLoaded(Exception):  # noqa: N818 - it says what is the case
    """The integration cannot be loaded as it is now; says why."""


class StudioSession:
    """The integration of a deployment file at work, in front of stand-ins, or `live`.

    Messages are run one at a time, whoever sends them; `journeys` has what came of each.
    """

    def __init__(
        self, deployment: Path, region: str | None = None, *, token: str, live: bool = False
    ) -> None:
        self.deployment = deployment
        self.disturbances = Disturbances()
        self.journeys = Journeys()
        self.is_live = live
        self.loads = 0
        self.has_ended = threading.Event()
        self.token = token
        self._tokens: Tokens = tokens_of(token)
        self._numbers = itertools.count(1)
        self._lock = threading.RLock()
        self.stage = LoadedStage(
            deployment,
            region,
            choose=None if live else self.disturbances.choose,
            passages=Passages(self._passage_changed),
        )

    @property
    def queue_length(self) -> int:
        """How many messages wait for the worker."""
        runner = self.stage.runner
        return len(runner.endpoint.waiting_ids) if runner else 0

    @property
    def circuit(self) -> str:
        """Whether the circuit of the inline work is `open` or `closed`; empty where it has none."""
        runner = self.stage.runner
        circuit = runner.endpoint.circuit if runner else None
        return ("open" if circuit.is_open else "closed") if circuit else ""

    @property
    def refused_hosts(self) -> Sequence[str]:
        """The hosts that the integration was not let through to."""
        runner = self.stage.runner
        return runner.endpoint.refused_hosts if runner else ()

    @contextmanager
    def open(self, *, needs_code: bool) -> Iterator[None]:
        """Run for the length of a block.

        Raises `CommandError` or `DeploymentError` if the integration cannot be loaded, unless the
        session is to wait for code that can.
        """
        stop = self.has_ended
        threads = [
            threading.Thread(target=work, args=(stop,), daemon=True)
            for work in (self._deliver_until, self._reload_until)
        ]
        writes = sys.dont_write_bytecode
        # Compiled code is told from its source by size and second, which an editor can beat.
        sys.dont_write_bytecode = True
        try:
            self.reload(raises=needs_code)
            for thread in threads:
                thread.start()
            yield
        finally:
            stop.set()
            for thread in threads:
                if thread.is_alive():
                    thread.join()
            self.stage.close()
            sys.dont_write_bytecode = writes

    def send(self, content: bytes, *, way: str) -> Journey:
        """Send a message as mParticle does, by `lambda` or `https`. Raises `NotLoaded`."""
        if way == "lambda":
            return self._run(content, way)
        request = request_in(content)
        path = path_of(request.type if request else "")
        event = posted(path, content, token=self.token)
        return self._run(content, f"POST /{path}", event)

    def answer(self, event: dict[str, Any]) -> dict[str, Any]:
        """Answer an HTTP request as the function behind the HTTP API does, and remember it."""
        http = event["requestContext"]["http"]
        try:
            content = body_of(event)
            journey = self._run(content, f"{http['method']} {http['path']}", event)
        except NotLoaded:
            body = '{"error": "the integration cannot be loaded"}'
            return {
                "statusCode": 503,
                "headers": {"Content-Type": "application/json", "Retry-After": "5"},
                "body": body,
            }
        assert isinstance(journey.outcome, dict)  # noqa: S101 - what comes over HTTP is answered
        return journey.outcome

    def skip_waits(self, queued_id: str | None = None) -> None:
        """Let the worker try what waits now: everything, or one copy."""
        self._deliver(due_only=False, only=queued_id)

    def select(self, region: str) -> None:
        """Take another region's plan."""
        with self._lock, suppress(CommandError, DeploymentError):
            self.stage.select(region)
            self.loads += 1

    def reload(self, *, raises: bool = False) -> None:
        """Load the code and the deployment file as they are now."""
        with self._lock:
            self.loads += 1
            try:
                self.stage.load()
            except (CommandError, DeploymentError):
                if raises:
                    raise

    @contextmanager
    def alone(self) -> Iterator[MessageRunner]:
        """Keep every message out for the length of a block. Raises `NotLoaded`."""
        with self._lock:
            if self.stage.runner is None:
                raise NotLoaded(self.stage.problem)
            yield self.stage.runner

    def registration(self) -> ModuleRegistrationResponse:
        """Ask what is loaded what it registers. Raises `NotLoaded` when it does not say it."""
        with self.alone() as runner:
            try:
                return registration_of(runner.endpoint.integration)
            except Exception as error:  # whatever the partner's code raises
                raise NotLoaded(trace_of(error)) from None

    def _run(self, content: bytes, way: str, event: dict[str, Any] | None = None) -> Journey:
        with self.alone() as runner:
            journey = Journey(
                number=next(self._numbers),
                way=way,
                content=content,
                request=request_in(content),
                limit_ms=HTTPS_P99_MS if event else LAMBDA_P99_MS,
            )
            with runner.passage() as journey.answered:
                self.journeys.changed(journey)
                journey.outcome = self._outcome(runner, content, event)
            self._note_waiting(journey, journey.answered)
        return journey

    def _outcome(
        self, runner: MessageRunner, content: bytes, event: dict[str, Any] | None
    ) -> dict[str, Any] | InvalidMessage | ProcessingError | QueueError:
        endpoint = runner.endpoint
        if event is not None:
            door = FrontDoor(
                endpoint.integration, acceptance=endpoint.acceptance, tokens=self._tokens
            )
            with endpoint.time_limit():
                return door.answer(event)
        try:
            return endpoint.answer(content)
        except (InvalidMessage, ProcessingError, QueueError) as error:
            return error

    def _deliver(self, *, due_only: bool, only: str | None = None) -> None:
        with suppress(NotLoaded):
            with self.alone() as runner:
                waiting = runner.endpoint.waiting_messages(due_only=due_only)
            for message in waiting:
                if only is None or message.id == only:
                    self._try(message)

    def _try(self, message: StoredMessage) -> None:
        with self.alone() as runner:
            if message.id not in runner.endpoint.waiting_ids:  # somebody else's try was quicker
                return
            tried, passage = runner.try_queued(message)
            journey = self.journeys.of_queued(message.id)
            self.journeys.settled(message.id)
            if journey:
                journey.tries.append((tried, passage))
                self._note_waiting(journey, passage, tried.wait_seconds)

    def _note_waiting(self, journey: Journey, passage: Passage, seconds: int = 0) -> None:
        journey.queued_id = passage.stored[0] if passage.stored else None
        journey.due_at = time.time() + seconds if journey.queued_id else None
        self.journeys.changed(journey)

    def _passage_changed(self, passage: Passage) -> None:
        if journey := self.journeys.of_passage(passage):
            self.journeys.changed(journey)

    def _deliver_until(self, stop: threading.Event) -> None:
        while not stop.wait(_LOOK_SECONDS):
            self._deliver(due_only=True)

    def _reload_until(self, stop: threading.Event) -> None:
        for _ in changes_of([Path(SOURCE_PACKAGE), self.deployment], stop):
            self.reload()
