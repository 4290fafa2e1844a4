"""Two regions with a URL each, and the commands about their tokens."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path

import pytest

from tests.aws.cloud import FakeCloud, plans_of
from tests.ops.commands.token.token_urls import TokenUrls, token_urls
from tests.running import Ran, Run

Token = Callable[..., Ran]
# by name, because the package has its command under the name of its module, too
MODULES = [import_module(it) for it in ("ops.commands.token.keygen", "ops.tokens.storing")]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "deployment.toml"
    path.write_text('name = "acme"\npods = ["US1", "EU1"]\ntransports = ["https"]\n')
    return path


@pytest.fixture
def urls(file: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[TokenUrls]:
    cloud = FakeCloud()
    cloud.put_in_place(monkeypatch)
    for module in MODULES:
        monkeypatch.setattr(module, "session_in", cloud.session)
    with token_urls(cloud, plans_of(file)) as urls:
        yield urls


@pytest.fixture
def token(run: Run, file: Path) -> Token:
    """Run `firehose token …`; whatever it is given, no token and no key is in what it writes."""

    def token(*arguments: str, given: str | bytes = b"") -> Ran:
        sent = given.encode() if isinstance(given, str) else given
        ran = run("token", *arguments, environment={"FIREHOSE_DEPLOYMENT": str(file)}, given=sent)
        assert "canary" not in ran.stdout + ran.stderr
        assert "PRIVATE KEY" not in ran.stdout + ran.stderr
        return ran

    return token
