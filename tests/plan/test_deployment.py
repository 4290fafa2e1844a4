"""deployment.toml: its defaults, and every problem of a file named at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from plan.deployment import Deployment, deployment_file, load
from plan.problems import DeploymentError, Problem
from tests.border import DEPLOYMENT


def written(folder: Path, text: str) -> Path:
    file = folder / "deployment.toml"
    file.write_text(text, encoding="utf-8")
    return file


def problems(folder: Path, text: str) -> dict[str, Problem]:
    with pytest.raises(DeploymentError) as raised:
        load(written(folder, text))
    return {problem.key: problem for problem in raised.value.problems}


def test_name_alone_is_a_deployment_with_mparticles_advice_as_defaults(tmp_path: Path) -> None:
    deployment = load(written(tmp_path, 'name = "acme"'))

    assert deployment.pods == ("US1", "US2", "EU1", "AU1")
    assert deployment.transports == ("lambda",)
    assert deployment.function.memory_mb == 1024
    assert deployment.function.architecture == "arm64"
    assert deployment.function.reserved_concurrency == 1000
    assert deployment.function.provisioned_concurrency == 0
    assert deployment.function.snap_start is None
    assert deployment.code.runtime == "python3.14"
    assert deployment.code.integration == "acme:Acme"


def test_shipped_file_states_the_defaults_and_where_the_example_delivers_to() -> None:
    shipped = load(DEPLOYMENT)

    assert shipped.environment == {"PARTNER_API_URL": "https://api.acme.example"}
    assert shipped.regions["eu-central-1"].environment == {
        "PARTNER_API_URL": "https://eu.api.acme.example"
    }
    assert shipped.model_copy(update={"environment": {}, "regions": {}}) == Deployment(name="acme")


def test_all_problems_of_a_file_are_reported_together(tmp_path: Path) -> None:
    found = problems(
        tmp_path,
        """
        name = "Acme_"
        pods = ["US1", "XX"]
        colour = "red"
        [function]
        memory_mb = 128
        timeout_seconds = "5"
        provisioned_concurrency = 10
        snap_start = true
        [environment]
        API_KEY = "x"
        [accounts.EU1]
        confirmed = ["1"]
        [regions.eu-west-1.environment]
        A = "b"
        """,
    )

    assert set(found) == {
        "name",
        "pods.1",
        "colour",
        "function.memory_mb",
        "function.timeout_seconds",
        "function.snap_start",
        "environment.API_KEY",
        "accounts.EU1.confirmed.0",
        "regions.eu-west-1",
    }


@pytest.mark.parametrize(
    ("text", "key", "found", "allowed"),
    [
        ("", "name", "nothing", "required"),
        ('name = "a--b"', "name", '"a--b"', "lower-case letters"),
        (f'name = "{"a" * 41}"', "name", '"aaaa', "1 to 40"),
        ("name = 7", "name", "7", "string"),
        ('name = "a"\naccount = "12"', "account", '"12"', "12 digits"),
        ('name = "a"\naccount = 123456789012', "account", "123456789012", "string"),
        ('name = "a"\npods = []', "pods", "[]", "at least one"),
        ('name = "a"\npods = ["US1", "US1"]', "pods", '["US1", "US1"]', "once"),
        ('name = "a"\npods = ["us1"]', "pods.0", '"us1"', "US1, US2, EU1, AU1"),
        ('name = "a"\ntransports = ["smtp"]', "transports.0", '"smtp"', "'lambda'"),
        ('name = "a"\n[processing]\nevents = "x"', "processing.events", '"x"', "'inline'"),
        ('name = "a"\n[function]\nmemory_mb = 255', "function.memory_mb", "255", "256"),
        ('name = "a"\n[function]\nmemory = 512', "function.memory", "unknown", "memory_mb?"),
        (
            'name = "a"\n[function]\narchitecture = "arm"',
            "function.architecture",
            '"arm"',
            "'arm64' or 'x86_64'",
        ),
        (
            'name = "a"\n[function]\nreserved_concurrency = true',
            "function.reserved_concurrency",
            "true",
            '"unreserved"',
        ),
        (
            'name = "a"\n[function]\nreserved_concurrency = 5\nprovisioned_concurrency = 6',
            "function.provisioned_concurrency",
            "6",
            "at most the reserved concurrency, 5",
        ),
        ('name = "a"\n[code]\npath = "no.jar"', "code.path", '"no.jar"', "a file or folder"),
        ('name = "a"\n[code]\nruntime = "java25"', "code.runtime", '"java25"', "python3.12 or"),
        ('name = "a"\n[code]\nruntime = "python3.11"', "code.runtime", "3.11", "python3.12 or"),
        ('name = "a"\n[code]\nruntime = "cobol"', "code.runtime", '"cobol"', "Lambda runtime"),
        ('name = "a"\n[code]\nintegration = "x"', "code.integration", '"x"', "module:Class"),
        ('name = "a"\n[alarms]\nemail = "ops"', "alarms.email", '"ops"', "e-mail address"),
        ('name = "a"\n[logs]\nretention_days = 31', "logs.retention_days", "31", "30"),
        ('name = "a"\n[environment]\n"A-B" = "x"', "environment.A-B", "name", "underscores"),
        ('name = "a"\n[environment]\nAWS_REGION = "x"', "environment.AWS_REGION", "name", "AWS_"),
        ('name = "a"\n[tags]\n"aws:x" = "y"', "tags.aws:x", "name", "aws:"),
        (
            'name = "a"\npods = ["US1"]\n[accounts.EU1]\nextra = []',
            "accounts.EU1",
            "a table",
            "a pod of this deployment: US1",
        ),
        (
            'name = "a"\n[accounts.EU1]\nconfirmed = ["386705975570"]',
            "accounts.EU1.confirmed",
            "386705975570",
            "583371261087",
        ),
        (
            'name = "a"\n[accounts.EU1]\nextra = ["111122223333"]\nremoved = ["111122223333"]',
            "accounts.EU1.removed",
            "111122223333",
            "no account that is also confirmed or extra",
        ),
        (
            'name = "a"\npods = ["US1"]\n[regions.eu-central-1.environment]\nA = "b"',
            "regions.eu-central-1",
            "a table",
            "us-east-1",
        ),
    ],
)
def test_problem_names_the_key_what_was_found_and_what_is_allowed(
    tmp_path: Path, text: str, key: str, found: str, allowed: str
) -> None:
    problem = problems(tmp_path, text)[key]

    assert found in problem.found
    assert allowed in problem.allowed


def test_another_artifact_has_to_name_its_own_handler(tmp_path: Path) -> None:
    jar = tmp_path / "acme.jar"
    jar.write_bytes(b"jar")

    found = problems(tmp_path, f'name = "a"\n[code]\npath = "{jar}"\nruntime = "java25"')

    assert found["code.handler"].allowed == "the handler of the artifact at code.path"


def test_snap_start_needs_a_runtime_that_offers_it(tmp_path: Path) -> None:
    text = f"""
        name = "a"
        [code]
        path = "{tmp_path}"
        runtime = "nodejs24.x"
        handler = "index.handler"
        [function]
        snap_start = true
        """

    assert "nodejs24.x" in problems(tmp_path, text)["function.snap_start"].allowed


@pytest.mark.parametrize("canary", ['"canary-5f1c"', '["canary-5f1c"]', '{ x = "canary-5f1c" }'])
def test_values_of_environment_variables_are_never_shown(tmp_path: Path, canary: str) -> None:
    file = written(tmp_path, f'name = "a"\n[environment]\nPARTNER_TOKEN = {canary}')

    with pytest.raises(DeploymentError) as raised:
        load(file)

    assert "canary-5f1c" not in str(raised.value)


def test_broken_toml_is_one_problem_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(DeploymentError, match=r"line 2, column \d+.*allowed: valid TOML"):
        load(written(tmp_path, "pods = []\nname = = 1"))


def test_missing_file_is_one_problem_with_its_path(tmp_path: Path) -> None:
    with pytest.raises(DeploymentError, match=r"none\.toml: found No such file"):
        load(tmp_path / "none.toml")


def test_bytes_that_are_not_text_are_one_problem(tmp_path: Path) -> None:
    file = tmp_path / "deployment.toml"
    file.write_bytes(b"\xff\xfe")

    with pytest.raises(DeploymentError, match="not UTF-8"):
        load(file)


def test_file_is_the_one_the_environment_names() -> None:
    assert deployment_file({}) == Path("deployment.toml")
    assert deployment_file({"FIREHOSE_DEPLOYMENT": "other.toml"}) == Path("other.toml")
