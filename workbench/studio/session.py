"""A session: messages come in, the worker delivers, the code is loaded again when it changes."""

from __future__ import annotations

import itertools
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

from console.exit_codes import CommandError
from endpoint.tokens import Tokens
from local.service_calls import Choice, always
from plan.function import SOURCE_PACKAGE
from plan.mparticle import HTTPS_P99_MS, LAMBDA_P99_MS
from workbench.child_processes import ChildProcesses
from workbench.gateway_event import body_of, posted
from workbench.memory_sqs import StoredMessage
from workbench.one_token import tokens_of
from workbench.passages import Passage, Passages
from workbench.run_on_change import changes_of
from workbench.studio.disturbances import Disturbances
from workbench.studio.journey import Journey, path_for
from workbench.studio.journeys import Journeys
from workbench.studio.loaded_stage import LoadedStage, NotLoaded
from workbench.trial import request_in

_LOOK_SECONDS = 0.05


class StudioSession:
    """The integration of a deployment file at work.

    Its calls are answered as `service` chooses unless somebody disturbs them; without it they go
    where they are meant to go. `journeys` has what came of each message.
    """

    def __init__(
        self,
        deployment: Path,
        region: str | None,
        *,
        token: str,
        service: Choice | None,
    ) -> None:
        self.id = uuid4().hex  # by which a page knows that its server was started anew
        self.deployment = deployment
        self.disturbances = Disturbances(service or always("ok"))
        self.journeys = Journeys()
        self.is_live = service is None
        self.has_ended = threading.Event()
        self.children = ChildProcesses()
        self.token = token
        self._tokens: Tokens = tokens_of(token)
        self._numbers = itertools.count(1)
        self._failure: BaseException | None = None
        self.stage = LoadedStage(
            deployment,
            region,
            service=self.disturbances.choose if service else None,
            passages=Passages(self._passage_changed),
        )

    @contextmanager
    def open(self, *, needs_code: bool) -> Iterator[None]:
        """Run for the length of a block, which should leave once the session `has_ended`.

        Raises `CommandError` or `DeploymentError` if the integration cannot be loaded, unless the
        session is to wait for code that can; and what ended its own work, at the end of the block.
        """
        threads = [
            threading.Thread(target=self._at_work, args=(work,), daemon=True)
            for work in (self._deliver, self._reload)
        ]
        writes = sys.dont_write_bytecode
        # Compiled code is told from its source by size and second, which an editor can beat.
        sys.dont_write_bytecode = True
        try:
            self.stage.load(raises=needs_code)
            for thread in threads:
                thread.start()
            yield
        finally:
            self.end()
            for thread in threads:
                if thread.is_alive():
                    thread.join()
            sys.dont_write_bytecode = writes
            self.stage.close()
        if self._failure:
            raise self._failure

    def end(self) -> None:
        """Let everybody who waits for the session go, and end what it has started."""
        self.has_ended.set()
        self.children.end()

    def send(self, content: bytes, *, way: str) -> Journey:
        """Send a message as mParticle does, by `lambda` or `https`. Raises `NotLoaded`."""
        if way == "lambda":
            return self._run(content, way)
        path = f"/{path_for(request_in(content))}"
        return self._run(content, f"POST {path}", posted(path, content, token=self.token))

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
        """Put the clock forward until what waits now is due: everything, or one copy."""
        waiting = self.stage.waiting
        chosen = [it.due_at for it in waiting if queued_id is None or it.id == queued_id]
        if chosen:
            self.stage.clock.skip_to(max(chosen))

    def _run(self, content: bytes, way: str, event: dict[str, Any] | None = None) -> Journey:
        with self.stage.one_request() as runner:
            journey = Journey(
                number=next(self._numbers),
                way=way,
                content=content,
                request=request_in(content),
                limit_ms=HTTPS_P99_MS if event else LAMBDA_P99_MS,
            )
            with runner.passage() as journey.answered:
                self.journeys.changed(journey)
                if event is None:
                    journey.outcome = runner.outcome(content)
                else:
                    journey.outcome = runner.endpoint.answer_http(event, self._tokens)
        return journey

    def _deliver_due(self) -> None:
        now = self.stage.clock.now()
        for message in [it for it in self.stage.waiting if it.due_at <= now]:
            try:
                self._try(message)
            except NotLoaded:
                return
            except CommandError:  # too many hooks hang; in Lambda the worker would start anew
                self.stage.load()
                return

    def _try(self, message: StoredMessage) -> None:
        with self.stage.one_attempt() as runner:
            attempt = runner.attempt(message, due_only=True)
            journey = self.journeys.of_queued(message.id)
            if attempt is None or journey is None:
                return
            self.journeys.settled(message.id)
            _, passage = attempt
            journey.tries.append(attempt)
            self._note_queued(journey, passage)
            self.journeys.changed(journey)

    def _note_queued(self, journey: Journey, passage: Passage) -> None:
        journey.queued = passage.stored[-1] if passage.stored else None
        if journey.queued:
            journey.due_at = time.time() + journey.queued.due_at - self.stage.clock.now()
        else:
            journey.due_at = None

    def _passage_changed(self, passage: Passage) -> None:
        journey = self.journeys.of_passage(passage)
        if journey is None:
            return
        if not journey.tries and passage is journey.answered:
            self._note_queued(journey, passage)
        self.journeys.changed(journey)

    def _at_work(self, work: Callable[[], None]) -> None:
        """Work until the session ends; what ends the work before that ends the session, too."""
        try:
            work()
        except BaseException as error:
            self._failure = error
            self.end()

    def _deliver(self) -> None:
        while not self.has_ended.wait(_LOOK_SECONDS):
            self._deliver_due()

    def _reload(self) -> None:
        for _ in changes_of([Path(SOURCE_PACKAGE), self.deployment], self.has_ended):
            self.stage.load()
