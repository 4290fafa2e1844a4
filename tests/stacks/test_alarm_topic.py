"""The topic that alarms are sent to: encrypted, TLS only, and heard."""

from __future__ import annotations

from pathlib import Path

from aws_cdk import App, Stack
from aws_cdk.assertions import Template

from plan.deployment import Deployment
from stacks.alarm_topic import AlarmTopic
from stacks.embedded_aws import leave_out_unsupported
from tests.stacks.variants import Variants, resources


def test_everybody_of_the_deployment_is_subscribed(variants: Variants) -> None:
    template = variants.template("full")
    (topic,) = resources(template, "AWS::SNS::Topic")
    found = [it["Properties"] for it in resources(template, "AWS::SNS::Subscription").values()]

    assert {it["Protocol"]: it["Endpoint"] for it in found if it["Protocol"] != "https"} == {
        "email": "oncall@acme.example"
    }
    # CloudFormation puts in the URL with the key; the template has its secret's name alone
    assert sorted(it["Endpoint"] for it in found if it["Protocol"] == "https") == [
        "https://alarms.acme.example/sns",
        "{{resolve:secretsmanager:acme/pagerduty:SecretString:::}}",
    ]
    assert {it["TopicArn"]["Ref"] for it in found} == {topic}


def test_slack_is_written_to_and_nobody_can_do_anything_from_there(variants: Variants) -> None:
    template = variants.template("full")
    (channel,) = resources(template, "AWS::Chatbot::SlackChannelConfiguration").values()
    (topic,) = resources(template, "AWS::SNS::Topic")
    properties = channel["Properties"]
    role = template["Resources"][properties["IamRoleArn"]["Fn::GetAtt"][0]]["Properties"]

    assert (properties["SlackWorkspaceId"], properties["SlackChannelId"]) == (
        "T0123ABCD",
        "C0123ABCD",
    )
    assert properties["ConfigurationName"] == "full-firehose-eu-central-1"
    assert properties["SnsTopicArns"] == [{"Ref": topic}]
    assert "AWSDenyAll" in str(properties["GuardrailPolicies"])
    assert role.keys() == {"AssumeRolePolicyDocument"}


def test_embedded_aws_has_no_chat(tmp_path: Path) -> None:
    slack = {"workspace": "T0123ABCD", "channel": "C0123ABCD"}
    deployment = Deployment.model_validate({"name": "acme", "alarms": {"slack": slack}})
    stack = Stack(App(outdir=str(tmp_path)), "Stack")
    AlarmTopic(stack, "AlarmTopic", recipients=deployment.alarms, name="acme")

    leave_out_unsupported(stack)

    template = Template.from_stack(stack)
    template.resource_count_is("AWS::Chatbot::SlackChannelConfiguration", 0)
    template.resource_count_is("AWS::SNS::Topic", 1)


def test_topic_is_encrypted_tls_only_and_open_to_this_accounts_alarms(variants: Variants) -> None:
    template = variants.template("full")
    (key_id, key), *more_keys = resources(template, "AWS::KMS::Key").items()
    (topic,) = resources(template, "AWS::SNS::Topic").values()
    (policy,) = resources(template, "AWS::SNS::TopicPolicy").values()
    deny, allow = policy["Properties"]["PolicyDocument"]["Statement"]

    assert not more_keys
    assert topic["Properties"]["KmsMasterKeyId"] == {"Fn::GetAtt": [key_id, "Arn"]}
    assert key["Properties"]["EnableKeyRotation"] is True
    assert (deny["Effect"], deny["Condition"]) == (
        "Deny",
        {"Bool": {"aws:SecureTransport": "false"}},
    )
    assert allow["Principal"] == {"Service": "cloudwatch.amazonaws.com"}
    assert allow["Condition"] == {"StringEquals": {"aws:SourceAccount": "111122223333"}}
