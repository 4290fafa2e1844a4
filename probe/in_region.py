"""Runs in Lambda, beside what it measures: calls an endpoint open-loop and gives every call.

With `probe.open_loop_load`, `probe.timed_calls` and `probe.fresh_ids` it is all that is in the
package; what else it imports is in AWS's runtime. It writes no log and holds nothing.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict
from functools import partial
from threading import Event
from typing import Any

from probe.fresh_ids import with_fresh_ids
from probe.open_loop_load import MOST_AT_ONCE, run_load
from probe.timed_calls import CallOutcome

_SECONDS = 60
_PATIENCE_SECONDS = 30.0
_PAUSE_SECONDS = 0.5
_THROTTLED = 429


def handler(event: Mapping[str, Any], _context: object) -> list[dict[str, Any]]:
    """Call as `event` says, and give every call with the fields of `TimedCall`.

    `arn`, or `url` and `token`, is who is called, with `message`; `answer` is the type of a right
    answer. `due` has the moments of the calls, in seconds after the moment `start`, in seconds
    since 1970: several environments that share a load begin together.
    """
    send = _invoked(event["arn"]) if "arn" in event else _posted(event["url"], event["token"])
    time.sleep(max(0.0, event["start"] - time.time()))
    calls = run_load(
        lambda: send(with_fresh_ids(event["message"]), event["answer"]),
        due=event["due"],
        stop=Event(),
        report=lambda _done, _total: None,
    )
    return [asdict(it) for it in calls]


def _invoked(arn: str) -> Callable[[dict[str, Any], str], CallOutcome]:
    import boto3  # noqa: PLC0415 - a URL needs none of it
    from botocore.config import Config  # noqa: PLC0415 - see above
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 - see above

    client = boto3.client(
        "lambda",
        region_name=arn.split(":")[3],
        config=Config(
            max_pool_connections=MOST_AT_ONCE,
            retries={"mode": "standard", "total_max_attempts": 1},
            read_timeout=_SECONDS,
        ),
    )

    _until_allowed(partial(client.invoke, FunctionName=arn, InvocationType="DryRun"))

    def send(message: dict[str, Any], answer: str) -> CallOutcome:
        try:
            response = client.invoke(FunctionName=arn, Payload=json.dumps(message).encode())
            content = response["Payload"].read()
        except ClientError as error:
            status = error.response["ResponseMetadata"]["HTTPStatusCode"]
            return "throttled" if status == _THROTTLED else "failed"
        except BotoCoreError:
            return "failed"
        return "failed" if response.get("FunctionError") else _judged(content, answer)

    return send


def _until_allowed(ask: Callable[[], object]) -> None:
    """Wait until IAM has told everywhere what the new role may do, which takes seconds.

    Asks without calling the function. Raises what AWS says after half a minute.
    """
    from botocore.exceptions import ClientError  # noqa: PLC0415 - see `_invoked`

    deadline = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            ask()
            return
        except ClientError as error:
            is_refused = error.response["Error"]["Code"].startswith("AccessDenied")
            if not is_refused or time.monotonic() > deadline:
                raise
        time.sleep(_PAUSE_SECONDS)


def _posted(url: str, token: str) -> Callable[[dict[str, Any], str], CallOutcome]:
    import urllib3  # noqa: PLC0415 - an ARN does not need it

    pool = urllib3.PoolManager(maxsize=MOST_AT_ONCE, timeout=_SECONDS, retries=False)
    headers = {"Content-Type": "application/json", "Authorization": f"Token {token}"}

    def send(message: dict[str, Any], answer: str) -> CallOutcome:
        try:
            response = pool.request("POST", url, body=json.dumps(message), headers=headers)
        except urllib3.exceptions.HTTPError:
            return "failed"
        if response.status == _THROTTLED:
            return "throttled"
        return _judged(response.data, answer) if response.status in {200, 202} else "failed"

    return send


def _judged(content: bytes, answer: str) -> CallOutcome:
    try:
        return "answered" if json.loads(content)["type"] == answer else "failed"
    except (ValueError, TypeError, KeyError):
        return "failed"
