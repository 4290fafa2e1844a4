"""The integration in this process: how it is loaded and closed, and how it fails."""

from __future__ import annotations

from pathlib import Path

import pytest

from console.exit_codes import CommandError
from endpoint.answering import ProcessingError
from firehose import InvalidMessage
from local.stand_in import StandIn
from tests.workbench.in_process.conftest import Loaded, loaded_from
from tests.workbench.partner_code import message, planned


def test_what_the_integration_keeps_is_closed_with_the_block(loaded: Loaded) -> None:
    hooks = """
        is_closed = False

        def close(self):
            self.is_closed = True
    """

    with loaded(hooks) as endpoint:
        integration = endpoint.integration
        assert not vars(integration).get("is_closed")

    assert vars(integration)["is_closed"]


def test_close_that_fails_is_told_with_its_line(loaded: Loaded) -> None:
    hooks = """
        def close(self):
            raise OSError("it was closed before")
    """

    with (
        pytest.raises(CommandError, match=r"ours.py(.|\n)*it was closed before\nNext: "),
        loaded(hooks),
    ):
        pass


def test_errors_of_the_integration_are_those_of_the_endpoint(loaded: Loaded) -> None:
    hooks = """
        def process_event_processing_request(self, request):
            raise ValueError("canary@example.com")
    """

    with loaded(hooks, processing={"events": "inline"}) as endpoint:
        with pytest.raises(ProcessingError, match="ValueError") as raised:
            endpoint.answer(message("event_processing_request"))
        with pytest.raises(InvalidMessage):
            endpoint.answer(b"{}")

    assert "canary" not in str(raised.value)


def test_integration_that_is_not_there_and_another_artifact_are_told(
    partner: StandIn, tmp_path: Path
) -> None:
    jar = tmp_path / "acme.jar"
    jar.touch()
    artifact = planned(code={"path": str(jar), "runtime": "java25", "handler": "a.B::c"})

    with (
        pytest.raises(CommandError, match="no module nowhere"),
        loaded_from(planned("nowhere:Acme"), partner),
    ):
        pass
    with (
        pytest.raises(CommandError, match="Next: firehose contract runs a jar"),
        loaded_from(artifact, partner),
    ):
        pass


def test_code_that_ends_the_process_while_it_is_loaded_is_told_with_its_line(
    loaded: Loaded,
) -> None:
    with (
        pytest.raises(CommandError, match=r"(?s)ours\.py.*SystemExit: no settings"),
        loaded('raise SystemExit("no settings")'),
    ):
        pass
