"""What the page asks the session to do, as JSON over HTTP."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from functools import wraps
from inspect import signature
from pathlib import Path
from typing import Annotated, Any, get_type_hints

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import (
    HTMLResponse,
    JSONResponse,
    PlainTextResponse,
    Response,
    StreamingResponse,
)
from starlette.routing import BaseRoute, Route

from console.exit_codes import CommandError
from plan.fields import TransportName
from probe.sample_messages import SampleKind
from workbench.studio import composing, keeping, proving
from workbench.studio.disturbances import Disturbance
from workbench.studio.journey import Journey, path_for
from workbench.studio.loaded_stage import NotLoaded
from workbench.studio.records import detail_of
from workbench.studio.session import StudioSession
from workbench.studio.session_state import form_of_settings

_LARGEST = 64 * 1024 * 1024
MOST_AT_ONCE = 10_000
Many = Annotated[int, msgspec.Meta(ge=1, le=MOST_AT_ONCE)]
OTHER_PAGES_POLICY = {
    "Content-Security-Policy": "sandbox; default-src 'none'; style-src 'unsafe-inline';"
    " img-src data:"
}
"""Pages that other commands wrote cannot ask this server for anything."""


class StudioApi:
    """Handlers over one session, whose endpoint is at `url`.

    The parameters of what a POST leads to are the shape of its body. What is asked for wrongly is
    answered 400 with `problem`.
    """

    def __init__(self, session: StudioSession, *, url: str) -> None:
        self._session = session
        self._url = url
        self._environment = proving.shells_environment()

    def routes(self) -> list[BaseRoute]:
        """Give the routes; what changes something is a POST with a JSON body."""
        posts = (
            *(self.sample, self.check, self.enter, self.send, self.samples, self.again, self.play),
            *(self.skip, self.region, self.reload, self.clear, self.disturb, self.keep),
        )
        gets: dict[str, Callable[[Request], Any]] = {
            "schemas": lambda _it: composing.request_schemas(),
            "settings": lambda _it: form_of_settings(self._session),
            "registration": lambda _it: proving.registered(self._session),
            "message/{number:int}": lambda it: detail_of(self._journey(it)),
            "content/{number:int}": lambda it: {
                "text": self._journey(it).content.decode(errors="replace")
            },
            "curl/{number:int}": self._curl,
            "test/{number:int}": lambda it: {
                "text": keeping.as_test(self._journey(it), self._session.deployment)
            },
        }
        return [
            *(Route(f"/studio/{work.__name__}", _posted(work), methods=["POST"]) for work in posts),
            *(Route(f"/studio/{name}", _asked(work)) for name, work in gets.items()),
            Route("/studio/contract", self._contract, methods=["POST"]),
            Route("/studio/capacity", self._capacity),
        ]

    def sample(self, kind: SampleKind, settings: dict[str, str]) -> dict[str, Any]:
        """Make up a message of a kind, with what a customer entered."""
        return _text(next(composing.samples(self._session, kind, settings, 1)))

    def check(self, text: str) -> dict[str, str]:
        """Check a message as it stands in the editor."""
        return composing.checked(text.encode())

    def enter(self, text: str, settings: dict[str, str]) -> dict[str, Any]:
        """Put what a customer entered into a message."""
        return _text(composing.with_entered(text.encode(), settings))

    def send(
        self,
        texts: Annotated[list[str], msgspec.Meta(max_length=MOST_AT_ONCE)],
        way: TransportName,
    ) -> dict[str, Any]:
        """Send messages, one after the other; `way` is the transport."""
        sent = [self._session.send(it.encode(), way=way) for it in texts]
        return {"numbers": [it.number for it in sent]}

    def samples(
        self, kind: SampleKind, settings: dict[str, str], count: Many, way: TransportName
    ) -> dict[str, Any]:
        """Send made-up messages of a kind."""
        made = composing.samples(self._session, kind, settings, count)
        sent = [self._session.send(json.dumps(it).encode(), way=way) for it in made]
        return {"numbers": [it.number for it in sent]}

    def again(self, number: int, way: TransportName) -> dict[str, Any]:
        """Send what a journey began with once more."""
        return {"numbers": [self._session.send(self._found(number).content, way=way).number]}

    def play(self, messages: Many) -> dict[str, Any]:
        """Play a day of so many messages."""
        return proving.played_day(
            self._session, self._environment, url=self._url, messages=messages
        )

    def skip(self, queued_id: str | None = None) -> None:
        """Skip the wait of one copy, or of all."""
        self._session.skip_waits(queued_id)

    def region(self, region: str) -> None:
        """Take another region's plan."""
        self._session.stage.select(region)

    def reload(self) -> None:
        """Load plan and code again."""
        self._session.stage.load()

    def clear(self) -> None:
        """Forget every message."""
        self._session.journeys.clear()

    def disturb(self, chosen: list[Disturbance]) -> None:
        """Put other disturbances in place of all."""
        self._session.disturbances.replace(chosen)

    def keep(self, number: int, name: str) -> dict[str, Any]:
        """Keep a journey's message under a name."""
        case = keeping.kept(self._session, self._found(number), name)
        return {"files": [str(case.message), str(case.golden)]}

    def _curl(self, request: Request) -> dict[str, Any]:
        journey = self._journey(request)
        url = f"{self._url}/{path_for(journey.request)}"
        return {"text": keeping.as_curl(journey, url)}

    def _journey(self, request: Request) -> Journey:
        return self._found(request.path_params["number"])

    def _found(self, number: int) -> Journey:
        journey = self._session.journeys.get(number)
        if journey is None:
            raise CommandError("the message is no longer remembered", next_step="send it again")
        return journey

    def _contract(self, _request: Request) -> Response:
        lines = proving.contract_lines(self._session, self._environment)
        return StreamingResponse(lines, media_type="application/x-ndjson")

    def _capacity(self, _request: Request) -> Response:
        try:
            with tempfile.TemporaryDirectory() as folder:
                page = proving.capacity_page(self._session, self._environment, Path(folder))
        except ValueError as error:
            return PlainTextResponse(str(error), 500)
        return HTMLResponse(page, headers=OTHER_PAGES_POLICY)


def _text(message: Any) -> dict[str, Any]:
    return {"text": json.dumps(message, indent=2, ensure_ascii=False)}


def _posted(work: Callable[..., Any]) -> Callable[[Request], Any]:
    """Make a handler that reads a body of the work's parameters and answers what it gives."""
    hints = get_type_hints(work, include_extras=True)
    shape = msgspec.defstruct(
        work.__name__,
        [
            (it.name, hints[it.name], *(() if it.default is it.empty else (it.default,)))
            for it in signature(work).parameters.values()
        ],
    )

    async def handle(request: Request) -> Response:
        if int(request.headers.get("content-length") or _LARGEST) > _LARGEST:
            return _problem(f"more than {_LARGEST // 2**20} MB at once: send less", 413)
        try:
            wish = msgspec.json.decode(await request.body(), type=shape)
        except ValueError as error:
            return _problem(str(error), 400)
        return await run_in_threadpool(_answered, lambda: work(**msgspec.structs.asdict(wish)))

    return handle


def _asked(work: Callable[[Request], Any]) -> Callable[[Request], Response]:
    @wraps(work)
    def handle(request: Request) -> Response:
        return _answered(lambda: work(request))

    return handle


def _answered(work: Callable[[], Any]) -> Response:
    try:
        content = work()
    except NotLoaded as error:
        return _problem(str(error), 409)
    except (CommandError, ValueError) as error:
        return _problem(str(error), 400)
    return Response(msgspec.json.encode(content), media_type="application/json")


def _problem(text: str, status: int) -> Response:
    return JSONResponse({"problem": text}, status)
