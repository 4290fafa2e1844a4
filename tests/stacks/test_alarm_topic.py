"""The topic that alarms are sent to: encrypted, TLS only, and heard."""

from __future__ import annotations

from tests.stacks.variants import Variants, resources


def test_address_of_the_deployment_is_subscribed(variants: Variants) -> None:
    template = variants.template("full")
    (topic,) = resources(template, "AWS::SNS::Topic")
    (subscription,) = resources(template, "AWS::SNS::Subscription").values()

    assert subscription["Properties"]["Endpoint"] == "oncall@acme.example"
    assert subscription["Properties"]["TopicArn"] == {"Ref": topic}


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
