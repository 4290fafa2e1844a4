"""Golden messages as tests: what fails, what is updated, what is reported."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator

import pytest

# Loaded here once: each inner run forgets what it has loaded itself.
from plan.names import DEPLOYMENT_VARIABLE
from tests.workbench.partner_code import MESSAGES, written
from workbench.golden_cases import GoldenCase, UnreadableGolden, difference, kept_varying

pytest_plugins = "pytester"

HOOKS = """
    def process_dsr_processing_request(self, request):
        if post(os.environ["ACME_URL"] + "/erasures", b'{"about": "canary-key"}') == 401:
            raise InvalidCredentials("no")
        return super().process_dsr_processing_request(request)
"""
DEPLOYMENT = """
name = "acme"
[environment]
ACME_URL = "https://api.acme.example/v1"
"""


@pytest.fixture
def project(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> Iterator[pytest.Pytester]:
    """Make a project whose integration `goldenacme` has one golden message."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")  # inner runs need no other plug-in
    monkeypatch.delenv(DEPLOYMENT_VARIABLE)  # the project has its own
    pytester.makefile(".toml", deployment=DEPLOYMENT)
    pytester.mkdir("lambda_src")
    written(pytester.path, HOOKS, name="goldenacme")
    pytester.syspathinsert()
    folder = pytester.path / "tests" / "goldenacme" / "golden"
    folder.mkdir(parents=True)
    message = json.loads((MESSAGES / "dsr_processing_request.json").read_bytes())
    message["account"] = {"account_settings": {"apiKey": "canary-key"}}
    (folder / "dsr.json").write_text(json.dumps(message))
    yield pytester
    sys.modules.pop("goldenacme", None)


def run(project: pytest.Pytester, *options: str) -> pytest.RunResult:
    return project.runpytest_inprocess("-p", "workbench.golden_plugin", "tests", *options)


def golden(project: pytest.Pytester) -> GoldenCase:
    return GoldenCase(project.path / "tests" / "goldenacme" / "golden" / "dsr.json")


def test_missing_golden_file_fails_with_the_next_step(project: pytest.Pytester) -> None:
    result = run(project)

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        ["dsr.golden.json is missing*", "Next: pytest --update-golden tests/goldenacme/golden/*"]
    )


def test_updated_file_says_what_came_and_passes_from_then_on(project: pytest.Pytester) -> None:
    run(project, "--update-golden").assert_outcomes(passed=1)

    content = golden(project).expected()
    run(project).assert_outcomes(passed=1)

    assert content is not None
    assert list(content) == ["calls", "response", "worker"]
    (call,) = content["calls"]
    assert (call["method"], call["path"]) == ("POST", "/v1/erasures")
    assert call["body"] == {"about": "<apiKey>"}, "credentials are kept by name"
    assert call["answer"] == {"status": 200}
    assert "timestamp_ms" not in content["response"]


def test_change_fails_with_a_difference_and_the_next_step(project: pytest.Pytester) -> None:
    run(project, "--update-golden")
    content = golden(project).expected()
    assert content is not None
    content["calls"][0]["path"] = "/v2/erasures"
    golden(project).write(content)

    result = run(project)

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        ['-      "path": "/v2/erasures",', '+      "path": "/v1/erasures",', "Next: mend *"]
    )
    assert "golden_plugin.py" not in result.stdout.str()


def test_bug_is_shown_from_the_integrations_line_on_without_credentials(
    project: pytest.Pytester,
) -> None:
    run(project, "--update-golden")
    bug = """
        def process_dsr_processing_request(self, request):
            raise KeyError(request.account.text_setting("apiKey").reveal())
    """
    written(project.path, bug, name="goldenacme")
    sys.modules.pop("goldenacme", None)

    result = run(project)

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        ["raised", "*goldenacme.py*", "KeyError: '<apiKey>'", "Next: mend*"]
    )
    assert "canary-key" not in result.stdout.str()


def test_answer_in_a_golden_file_is_what_the_service_answers(project: pytest.Pytester) -> None:
    run(project, "--update-golden")
    content = golden(project).expected()
    assert content is not None
    content["calls"][0]["answer"] = {"status": 401}
    golden(project).write(content)

    run(project).assert_outcomes(failed=1)
    run(project, "--update-golden").assert_outcomes(passed=1)

    updated = golden(project).expected()
    assert updated is not None
    assert (updated["calls"][0]["answer"], updated["worker"]) == ({"status": 401}, "rejected")


def test_golden_file_without_message_is_reported_and_removed_by_an_update(
    project: pytest.Pytester,
) -> None:
    run(project, "--update-golden")
    golden(project).message.rename(golden(project).message.with_name("other.json"))

    result = run(project)
    result.assert_outcomes(failed=2)
    result.stdout.fnmatch_lines(["dsr.golden.json belongs to no message.*"])

    run(project, "--update-golden").assert_outcomes(passed=2)
    run(project).assert_outcomes(passed=1)


def test_golden_messages_belong_to_the_package_that_their_folder_names(
    project: pytest.Pytester,
) -> None:
    project.makefile(".toml", deployment=f'{DEPLOYMENT}[code]\nintegration = "acme:Acme"\n')
    run(project, "--update-golden").assert_outcomes(passed=1)

    expected = golden(project).expected()

    assert expected is not None
    assert expected["calls"][0]["path"] == "/v1/erasures"


def test_package_without_its_one_class_is_told(project: pytest.Pytester) -> None:
    (project.path / "goldenacme.py").write_text("class Acme: ...\n")

    result = run(project)

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        ["goldenacme: found 0 classes derived from MessageProcessor", "Next: define exactly one *"]
    )
    assert "package.py" not in result.stdout.str()


def test_value_that_varies_matches_anything_and_stays_after_an_update() -> None:
    expected = {"calls": [{"id": "<varies>", "n": 1}], "response": "<varies>"}
    actual = {"calls": [{"id": "x", "n": 2}, {"id": "y"}], "response": {"a": 1}}

    assert kept_varying(expected, actual) == {
        "calls": [{"id": "<varies>", "n": 2}, {"id": "y"}],
        "response": "<varies>",
    }
    assert difference({"a": 1}, {"a": 1}) == ""


@pytest.mark.parametrize("content", ["nonsense", "[]", '{"calls": [{}]}', '{"calls": 1}'])
def test_unreadable_golden_file_is_told_with_its_place(
    project: pytest.Pytester, content: str
) -> None:
    golden(project).golden.write_text(content)

    with pytest.raises(UnreadableGolden, match=r"dsr\.golden\.json cannot be read"):
        golden(project).expected()


@pytest.mark.parametrize("written", [None, 200])
def test_case_named_after_a_status_has_it_and_no_update_drops_it(
    project: pytest.Pytester, written: int | None
) -> None:
    case = golden(project)
    named = GoldenCase(case.message.rename(case.message.with_name("dsr-401.json")))
    if written:
        call = {"answer": {"status": written}}
        named.write({"calls": [call]})

    result = run(project, "--update-golden")

    content = named.expected()
    assert content is not None
    if written:
        result.assert_outcomes(failed=1)
        result.stdout.fnmatch_lines(["*dsr-401.json is named after 401*", '*"status": 401*'])
        assert content["calls"][0]["answer"]["status"] == written, "nothing is overwritten"
    else:
        result.assert_outcomes(passed=1)
        assert content["calls"][0]["answer"] == {"status": 401}
        run(project).assert_outcomes(passed=1)
