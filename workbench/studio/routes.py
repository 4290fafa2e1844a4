"""The studio's URLs: the page at `/`, what it is made of, and what it asks for."""

from __future__ import annotations

from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from pages.html_page import rendered
from probe.sample_messages import SampleKind
from workbench.studio import stream
from workbench.studio.api import OTHER_PAGES_POLICY, StudioApi
from workbench.studio.proving import HANDOFF_PAGE
from workbench.studio.records import STATES
from workbench.studio.session import StudioSession
from workbench.studio.session_state import state_of

_HERE = Path(__file__).parent
_TEMPLATE = _HERE / "studio.html"
_STATIC = _HERE / "static"
_POLICY = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'"
    " 'unsafe-inline'; img-src data:; connect-src 'self'; frame-ancestors 'none';"
    " base-uri 'none'; form-action 'none'"
}


def studio_routes(session: StudioSession, *, url: str) -> list[BaseRoute]:
    """Route the page and everything below `/studio`; `url` is that of the session's endpoint."""
    api = StudioApi(session, url=url)
    modules = sorted(file.name for file in _STATIC.glob("*.js"))

    def page(_request: Request) -> Response:
        content = {
            "state": state_of(session),
            "kinds": [it.value for it in SampleKind],
            "states": STATES,
            "modules": modules,
        }
        return HTMLResponse(rendered(_TEMPLATE, content, filters={}), headers=_POLICY)

    def follow(_request: Request) -> Response:
        return StreamingResponse(stream.events(session), media_type="text/event-stream")

    def handoff(_request: Request) -> Response:
        if HANDOFF_PAGE.is_file():
            return FileResponse(HANDOFF_PAGE, headers=OTHER_PAGES_POLICY)
        text = f"There is no {HANDOFF_PAGE}. Next: firehose handoff --folder {HANDOFF_PAGE.parent}"
        return Response(text, 404, media_type="text/plain")

    return [
        Route("/", page),
        Route("/studio/events", follow),
        Route("/studio/handoff", handoff),
        *api.routes(),
        Mount("/studio/static", StaticFiles(directory=_STATIC)),
    ]
