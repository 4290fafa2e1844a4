"""An address of its own for each origin that an integration calls, all leading to one service.

So that each call says where it was meant to go: which host, and with that which region's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager

from local.function_environment import ORIGIN
from local.stand_in import AnsweringService, Door


def origins_of(environment: Mapping[str, str]) -> list[str]:
    """List the origins of the http(s) URLs in the values of an environment.

    Without the user and password that a URL may have, so that an origin can be shown.
    """
    return sorted({_origin(it) for value in environment.values() for it in ORIGIN.finditer(value)})


def _origin(found: re.Match[str]) -> str:
    return f"{found['scheme']}{found['host']}"


@contextmanager
def doors(service: AnsweringService, environment: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """Open a door for each origin in an environment, for the length of a block.

    Gives the environment that leads through them; paths stay.
    """
    with ExitStack() as stack:
        opened = {
            origin: stack.enter_context(Door(service, origin).running())
            for origin in origins_of(environment)
        }
        yield {
            name: ORIGIN.sub(lambda found: opened[_origin(found)].url, value)
            for name, value in environment.items()
        }
