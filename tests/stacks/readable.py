"""Templates as a reviewer reads them: without noise, whole or as the difference from another."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Any

import yaml  # type: ignore[import-untyped]  # has no types

from tests.stacks.variants import Template


def readable(template: Template, variant: str) -> Template:
    """Leave out what follows from the CLI, the library's version or the asset's content.

    References are written as in `Fn::Sub`, and every deployment is called acme.
    """
    kept = {key: template[key] for key in ("Description", "Resources", "Outputs")}
    return _plain(kept, variant)  # type: ignore[no-any-return]  # a dict stays a dict


def text(value: object) -> str:
    """Write a value as YAML, its smallest parts on one line."""
    written: str = yaml.safe_dump(
        value, default_flow_style=None, sort_keys=False, width=120, allow_unicode=True
    )
    return written.removesuffix("...\n")


def difference(base: object, other: object, path: str = "") -> Iterator[str]:
    """Yield the lines that say what to take from a template, and what to add, to get another."""
    if isinstance(base, dict) and isinstance(other, dict):
        for key in [*base, *(key for key in other if key not in base)]:
            below = f"{path}.{key}" if path else key
            if key not in other:
                yield f"- {below}"
            elif key not in base:
                yield from _added(below, other[key])
            else:
                yield from difference(base[key], other[key], below)
    elif isinstance(base, list) and isinstance(other, list):
        yield from _items(base, other, path)
    elif base != other:
        yield f"- {path}: {_one_line(base)}"
        yield f"+ {path}: {_one_line(other)}"


def _items(base: list[Any], other: list[Any], path: str) -> Iterator[str]:
    before, after = [_one_line(item) for item in base], [_one_line(item) for item in other]
    for kind, start, end, new_start, new_end in SequenceMatcher(
        None, before, after, autojunk=False
    ).get_opcodes():
        if kind == "replace" and end - start == new_end - new_start:
            for offset in range(end - start):
                below = f"{path}[{start + offset}]"
                yield from difference(base[start + offset], other[new_start + offset], below)
        elif kind != "equal":
            for item in before[start:end]:
                yield f"- {path}[]: {item[:100]}"
            for added in other[new_start:new_end]:
                yield from _added(f"{path}[]", added)


def _added(path: str, value: object) -> Iterator[str]:
    if isinstance(value, dict | list) and value:
        yield f"+ {path}:"
        yield from (f"+   {line}" for line in text(value).splitlines())
    else:
        yield f"+ {path}: {_one_line(value)}"


def _one_line(value: object) -> str:
    return json.dumps(value, ensure_ascii=False) if not isinstance(value, str) else value


def _plain(value: Any, variant: str) -> Any:
    if isinstance(value, list):
        return [_plain(item, variant) for item in value]
    if isinstance(value, str):
        return _without_hashes(value.replace(f"{variant}-firehose", "acme-firehose"))
    if not isinstance(value, dict):
        return value
    if (reference := _reference(value)) is not None:
        return _plain(reference, variant)
    found = {
        _plain(key, variant): _plain(item, variant)
        for key, item in value.items()
        if not key.startswith("aws:asset:")
    }
    if isinstance(body := found.get("DashboardBody"), str):
        found["DashboardBody"] = json.loads(body)
    return found


def _reference(value: dict[str, Any]) -> str | None:
    """Give what `Fn::Sub` would be told instead of a Ref, a GetAtt or a plain Join."""
    match value:
        case {"Ref": str(name)}:
            return f"${{{name}}}"
        case {"Fn::GetAtt": [name, attribute]}:
            return f"${{{name}.{attribute}}}"
        case {"Fn::Sub": str(pattern)}:
            return pattern
        case {"Fn::Join": ["", parts]}:
            return "".join(
                part if isinstance(part, str) else _reference(part) or "?" for part in parts
            )
    return None


def _without_hashes(value: str) -> str:
    value = re.sub(r"[0-9a-f]{64}", "<asset>", value)
    value = re.sub(r"CurrentVersion[0-9A-F]{8}[0-9a-f]{32}", "CurrentVersion<hash>", value)
    # CDK puts the stack's name, and a hash of it, into the id of the queue's event source
    return re.sub(r"(SqsEventSource)\w+?(DeliveryQueue)[0-9A-F]{16}", r"\1\2<hash>", value)
