"""The main job on the embedded AWS: deployed, called and handed over in three regions."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import boto3
import pytest

from plan.mparticle import PODS
from probe.message_checks import QUICK_CHECKS
from tests.local.cloud import REGIONS, Cloud
from tests.local.documented import records


def arn(region: str) -> str:
    return f"arn:aws:lambda:{region}:000000000000:function:acme-firehose:production"


def client(cloud: Cloud, service: Any, region: str) -> Any:
    return boto3.client(
        service,
        region_name=region,
        endpoint_url=cloud.environment["AWS_ENDPOINT_URL"],
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )


def invoked(cloud: Cloud, region: str, payload: object) -> tuple[str | None, Any]:
    """Invoke as mParticle does, and give the function error, if any, and the answer."""
    response = client(cloud, "lambda", region).invoke(
        FunctionName=arn(region), Payload=json.dumps(payload)
    )
    return response.get("FunctionError"), json.loads(response["Payload"].read())


def test_verify_finds_every_answer_of_every_region_right(cloud: Cloud) -> None:
    result = cloud.run("firehose", "verify", "--format", "json")

    assert result.returncode == 0, result.stderr
    verdicts = records("verify", result.stdout)
    assert len(verdicts) == len(QUICK_CHECKS) * len(REGIONS)
    assert {verdict["region"] for verdict in verdicts} == set(REGIONS)
    assert all(verdict["right"] for verdict in verdicts)
    assert "Next: firehose handoff" in result.stderr


def test_run_that_proves_too_little_is_not_saved_and_hand_off_says_what_is_missing(
    cloud: Cloud, tmp_path: Path
) -> None:
    file, folder = tmp_path / "proof.json", tmp_path / "handoff"
    one_region = ("--region", "eu-central-1")
    verify = ("firehose", "verify", *one_region, "--format", "json", "--report", str(file))
    handoff = ("firehose", "handoff", *one_region, "--folder", str(folder), "--proof", str(file))

    plain = cloud.run(*verify)
    before = file.read_bytes()
    loaded = cloud.run(*verify, "--latency", "--rate", "5", "--seconds", "1")
    refused = cloud.run(*handoff)
    marked = cloud.run(*handoff, "--unproven")

    assert (plain.returncode, loaded.returncode) == (0, 1), "5 calls prove nothing"
    records("verify", loaded.stdout)
    assert "eu-central-1: calls: 5 of 5" in loaded.stderr
    # slow or fast, as this machine happens to be: so few calls never pass
    assert re.search(r"eu-central-1: lambda: (too few calls|fail): ", loaded.stderr)
    assert file.read_bytes() == before
    (proof,) = json.loads(before)["proofs"]
    assert (proof["kind"], proof["region"]) == ("answers", "eu-central-1")
    assert proof["subject"]["endpoints"]["lambda"]["target"] == arn("eu-central-1")
    assert [it["message"] for it in proof["answers"]] == [it.name for it in QUICK_CHECKS]
    assert refused.returncode == 1
    assert "eu-central-1: no answer times were measured." in refused.stderr
    assert "eu-central-1: this is the embedded AWS on one machine" in refused.stderr
    assert marked.returncode == 0, marked.stderr
    content = json.loads((folder / "handoff.json").read_text())
    assert content["registration"]["name"] == "Acme"
    assert content["pods"][0]["arn"] == arn("eu-central-1")
    assert content["regions"][0]["embedded"]


def test_answers_are_shown_whole_as_json_and_shortened_as_text(cloud: Cloud) -> None:
    one_region = ("firehose", "verify", "--answers", "--region", "eu-central-1")
    whole = json.loads(cloud.run(*one_region, "--format", "json").stdout)
    text = cloud.run(*one_region).stdout

    assert whole[0]["body"]["name"] == "Acme"
    assert whole[0]["body"]["dsr_processing_registration"]
    assert "eu-central-1 module_registration_request:\n" in text
    assert max(len(line) for line in text.splitlines() if line.startswith("  {")) <= 243


def test_contract_holds_for_what_is_live_and_says_what_cannot_be_shown(cloud: Cloud) -> None:
    live = cloud.run(
        *("firehose", "contract", "--target", "deployed", "--region", "eu-central-1"),
        *("--allow-skips", "--format", "json"),
    )
    by_arn = cloud.run(
        *("firehose", "contract", "--arn", arn("ap-southeast-2"), "--format", "json"),
        *("--check", "response_id", "--check", "malformed"),
    )

    assert live.returncode == 0, live.stderr
    outcomes = {row["check"]: row for row in records("contract", live.stdout)}
    assert {row["endpoint"] for row in outcomes.values()} == {"eu-central-1"}
    assert {name for name, row in outcomes.items() if row["outcome"] == "skipped"} == {
        *("registered_families", "repeated_delivery", "slow_service", "dead_service"),
        *("rejected_credentials", "answer_time", "nothing_leaks", "registered_hooks"),
    }
    assert {name for name, row in outcomes.items() if row["outcome"] == "not demanded"} == {
        *("cut_off", "documented_calls")
    }
    assert "holds as far as it was checked: 8 demanded checks were skipped" in live.stderr
    assert outcomes["answer_time"]["reason"] == "needs answer times that mean something"
    assert by_arn.returncode == 0, by_arn.stderr
    assert [row["outcome"] for row in records("contract", by_arn.stdout)] == ["passed", "passed"]


def test_contract_of_a_function_that_is_not_there_is_told_with_the_operation(
    cloud: Cloud,
) -> None:
    missing = arn("eu-central-1").replace("acme", "nobody")

    result = cloud.run("firehose", "contract", "--arn", missing)

    assert result.returncode == 1
    assert "Invoke failed: ResourceNotFoundException" in result.stderr
    assert result.stderr.splitlines()[-1].startswith("Next: ")


def test_handoff_names_the_arn_and_the_accounts_of_every_pod(cloud: Cloud) -> None:
    result = cloud.run("firehose", "handoff", "--format", "json")

    assert result.returncode == 0, result.stderr
    pods: dict[Any, Any] = {it["pod"]: it for it in records("handoff", result.stdout)}
    assert list(pods) == list(PODS)
    for name, pod in PODS.items():
        assert pods[name]["arn"] == arn(pod.region)
        assert pod.account.number in pods[name]["granted"]
        assert pods[name]["memory_mb"] == 1024
        # read from Lambda: the embedded one forgets what a template reserves
        assert pods[name]["reserved"] is None
    assert pods["EU1"]["unconfirmed"] == ["583371261087"]
    assert "eu-central-1: ask mParticle to confirm account 583371261087" in result.stderr


@pytest.mark.parametrize("region", REGIONS)
def test_what_is_no_request_is_a_function_error_that_shows_no_payload(
    cloud: Cloud, region: str
) -> None:
    error, answer = invoked(cloud, region, {"type": "weather", "note": "canary-91d0"})

    assert error == "Unhandled"
    assert "$.type: is not a known type" in answer["errorMessage"]
    assert "canary-91d0" not in json.dumps(answer)


def test_reported_policy_of_the_alias_grants_the_planned_accounts_only(cloud: Cloud) -> None:
    policy = client(cloud, "lambda", "ap-southeast-2").get_policy(
        FunctionName="acme-firehose", Qualifier="production"
    )
    statements = json.loads(policy["Policy"])["Statement"]

    assert {statement["Principal"]["AWS"] for statement in statements} == {
        "338661164609",
        "457804467337",
        "526464060896",
    }
    assert {statement["Resource"] for statement in statements} == {arn("ap-southeast-2")}


def test_environment_of_a_region_reaches_its_function(cloud: Cloud) -> None:
    function = client(cloud, "lambda", "eu-central-1").get_function(
        FunctionName=arn("eu-central-1")
    )

    variables = function["Configuration"]["Environment"]["Variables"]
    assert variables["FIREHOSE_INTEGRATION"] == "acme:Acme"
    assert variables["PARTNER_API_URL"] == cloud.partner_url
    assert variables["FIREHOSE_QUEUED"] == "audiences,dsr"
