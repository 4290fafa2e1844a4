"""The studio and the endpoint on one port of this machine."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from starlette.applications import Starlette

from local.service_calls import Choice
from workbench.endpoint_routes import endpoint_routes, urls_of
from workbench.loopback_app import bound_to, serving, url_of
from workbench.studio.routes import studio_routes
from workbench.studio.session import StudioSession


@dataclass(frozen=True, slots=True, kw_only=True)
class ServedStudio:
    """What answers: the page at `url`, the endpoint's paths at `endpoint_urls`."""

    session: StudioSession
    url: str
    endpoint_urls: dict[str, str]


@contextmanager
def served(
    deployment: Path,
    region: str | None,
    *,
    port: int,
    token: str | None,
    service: Choice | None,
    needs_code: bool,
    opened: Callable[[str], object] | None = None,
) -> Iterator[ServedStudio]:
    """Serve for the length of a block; port 0 is any free one.

    `service` chooses what calls are answered that nobody disturbs; without it they are let go.
    `token` is what requests have to bring; without one none is asked for. Raises `CommandError`
    for a port that is taken, and what loading raises if the session is not to wait for code.
    `opened` is given the page's URL while the environment is still the shell's.
    """
    listener = bound_to(port)
    try:
        url = url_of(listener)
        session = StudioSession(
            deployment, region, token=token or secrets.token_urlsafe(), service=service
        )
        https = session.stage.plan.https
        prefix = https.prefix if https else ""
        app = Starlette(
            routes=[
                *studio_routes(session, url=f"{url}{prefix}"),
                *endpoint_routes(
                    session.answer,
                    base_url=url,
                    prefix=prefix,
                    token=None if token else session.token,
                ),
            ]
        )
        if opened:
            opened(f"{url}/")
        with session.open(needs_code=needs_code), serving(app, listener):
            try:
                yield ServedStudio(
                    session=session, url=f"{url}/", endpoint_urls=urls_of(url, prefix)
                )
            finally:
                session.end()  # so that no page keeps the server
    finally:
        listener.close()
