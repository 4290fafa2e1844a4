"""What mParticle is told about the integration, held against what the integration does."""

from __future__ import annotations

import ast
from pathlib import Path

from acme import Acme, content
from acme.registration import registration
from firehose import Setting, SettingType, check_registration, decode, encode


def settings() -> list[Setting]:
    told = registration()
    events = told.event_processing_registration
    audiences = told.audience_processing_registration
    dsr = told.dsr_processing_registration
    assert events
    assert audiences
    assert dsr
    return [
        *events.account_settings,
        *events.event_connection_settings,
        *audiences.account_settings,
        *audiences.audience_subscription_settings,
        *dsr.account_settings,
    ]


def test_registration_has_no_findings() -> None:
    assert check_registration(registration(), processor=Acme) == []


def test_registration_is_the_same_each_time_but_for_its_id_and_time() -> None:
    first, second = registration(), registration()
    second.id, second.timestamp_ms = first.id, first.timestamp_ms

    assert encode(first) == encode(second)
    assert decode(encode(first), strict=True) == first


def test_every_kind_of_setting_is_there_and_read() -> None:
    trees = [
        ast.parse(file.read_text(encoding="utf-8"))
        for file in Path(content.__file__).parent.glob("*.py")
    ]
    read = {
        node.args[0].id
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr.endswith("_setting")
        and isinstance(node.args[0], ast.Name)
    }

    assert {SettingType(setting.type) for setting in settings()} == set(SettingType)
    assert len(read) == len({setting.id for setting in settings()})
