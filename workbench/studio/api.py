"""What the page asks the session to do, as JSON over HTTP."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

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
from workbench.studio import composing, keeping, proving, wishes
from workbench.studio.disturbances import Disturbance
from workbench.studio.journey import Journey, path_for
from workbench.studio.loaded_stage import NotLoaded
from workbench.studio.playing import played_day
from workbench.studio.records import detail_of
from workbench.studio.session import StudioSession
from workbench.studio.session_state import form_of_settings

_LARGEST = 64 * 1024 * 1024
OTHER_PAGES_POLICY = {
    "Content-Security-Policy": "sandbox; default-src 'none'; style-src 'unsafe-inline';"
    " img-src data:"
}
"""Pages that other commands wrote cannot ask this server for anything."""


class StudioApi:
    """Handlers over one session, whose endpoint is at `url`.

    What is asked for wrongly is answered 400 with `problem`.
    """

    def __init__(self, session: StudioSession, *, url: str) -> None:
        self._session = session
        self._url = url
        self._environment = proving.shells_environment()

    def routes(self) -> list[BaseRoute]:
        """Give the routes; what changes something is a POST with a JSON body."""
        posts: dict[str, tuple[type, Callable[[Any], Any]]] = {
            "sample": (
                wishes.SampleWish,
                lambda it: self._text(
                    next(composing.samples(self._session, it.kind, it.settings, 1))
                ),
            ),
            "check": (wishes.MessageText, lambda it: composing.checked(it.text.encode())),
            "enter": (
                wishes.MessageText,
                lambda it: self._text(composing.with_entered(it.text.encode(), it.settings)),
            ),
            "send": (wishes.SendWish, self._send),
            "samples": (wishes.SamplesWish, self._samples),
            "again": (wishes.AgainWish, self._again),
            "play": (wishes.DayWish, self._play),
            "skip": (wishes.SkipWish, lambda it: self._session.skip_waits(it.queued_id)),
            "region": (wishes.RegionWish, lambda it: self._session.stage.select(it.region)),
            "reload": (wishes.NoWish, lambda _it: self._session.stage.load()),
            "clear": (wishes.NoWish, lambda _it: self._session.journeys.clear()),
            "disturb": (list[Disturbance], self._session.disturbances.replace),
            "keep": (wishes.KeepWish, self._keep),
        }
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
            *(
                Route(f"/studio/{name}", _posted(shape, work), methods=["POST"])
                for name, (shape, work) in posts.items()
            ),
            *(Route(f"/studio/{name}", _asked(work)) for name, work in gets.items()),
            Route("/studio/contract", self._contract, methods=["POST"]),
            Route("/studio/capacity", self._capacity),
        ]

    def _send(self, wish: wishes.SendWish) -> dict[str, Any]:
        sent = [self._session.send(it.encode(), way=wish.way) for it in wish.texts]
        return {"numbers": [it.number for it in sent]}

    def _samples(self, wish: wishes.SamplesWish) -> dict[str, Any]:
        made = composing.samples(self._session, wish.kind, wish.settings, wish.count)
        sent = [self._session.send(json.dumps(it).encode(), way=wish.way) for it in made]
        return {"numbers": [it.number for it in sent]}

    def _play(self, wish: wishes.DayWish) -> dict[str, Any]:
        return played_day(self._session, self._environment, url=self._url, messages=wish.messages)

    def _again(self, wish: wishes.AgainWish) -> dict[str, Any]:
        sent = self._session.send(self._found(wish.number).content, way=wish.way)
        return {"numbers": [sent.number]}

    def _keep(self, wish: wishes.KeepWish) -> dict[str, Any]:
        case = keeping.kept(self._session, self._found(wish.number), wish.name)
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

    @staticmethod
    def _text(message: Any) -> dict[str, Any]:
        return {"text": json.dumps(message, indent=2, ensure_ascii=False)}


def _posted(shape: Any, work: Callable[[Any], Any]) -> Callable[[Request], Any]:
    """Make a handler that reads a body of a shape and answers what the work gives."""

    async def handle(request: Request) -> Response:
        if int(request.headers.get("content-length") or _LARGEST) > _LARGEST:
            return _problem(f"more than {_LARGEST // 2**20} MB at once: send less", 413)
        try:
            wish = msgspec.json.decode(await request.body(), type=shape)
        except ValueError as error:
            return _problem(str(error), 400)
        return await run_in_threadpool(_answered, lambda: work(wish))

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
