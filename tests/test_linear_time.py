"""Whatever a text holds, reading it takes time in proportion to its length.

The rules are found in the packages, not listed here: every regular expression and how it is used,
every reader of a value, every typed getter of a setting, every field of a message.
"""

from __future__ import annotations

import ast
import gc
import importlib
import re
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple, get_args, get_origin, get_type_hints

import pytest

from endpoint.acceptance import LARGEST_BYTES
from firehose import Account, InvalidMessage, Model, Request, Secret, decode, errors, numeric
from firehose.codec import MESSAGES
from firehose.coercion import STRICT, TOLERANT, Refusal, known_word_of, word_of
from firehose.setting_values import SettingReaders
from firehose.vocabulary import Vocabulary
from tests.adversaries import Filler, fillers

pytestmark = pytest.mark.rehearsal  # it measures, for seconds

ROOT = Path(__file__).parents[1]
SOURCES = {"firehose": "lambda_src", "endpoint": "lambda_src", "partner_http": "lambda_src",
           "plan": "."}  # fmt: skip
SIZES = (2_000, 30_000)
LARGEST = 500_000
MOST = 2.6
"""Times the processor time for twice the text; 4 would be quadratic."""
TOO_SHORT = 0.002
"""Seconds that say nothing about proportions: memory that is new takes as long."""
TRIES = 8
CERTAIN = 0.2
"""Seconds that no chance explains."""

MOST_SECONDS_AT_THE_LARGEST_SIZE = 3.0

Read = Callable[[str], object]
REFUSALS = (ValueError, ArithmeticError, Refusal)


def seconds(read: Read, text: str) -> float:
    """Measure processor time, which other processes hardly change.

    Without the garbage collector, whose work is in proportion to what the tests hold.
    """
    gc.disable()
    started = time.process_time()
    with suppress(*REFUSALS):
        read(text)
    ended = time.process_time()
    gc.enable()
    return ended - started


def growth(read: Read, filler: Filler, size: int) -> float:
    """Say how many times longer twice the text takes; the best of some tries."""
    once, twice = filler.of(size), filler.of(2 * size)
    short = long = float("inf")
    for _ in range(TRIES):
        short, long = min(short, seconds(read, once)), min(long, seconds(read, twice))
        if long <= max(TOO_SHORT, MOST * short):
            return 0.0
        if long > CERTAIN:
            break
    return long / short


def is_linear(read: Read, filler: Filler, size: int) -> bool:
    """Whether twice the text takes twice the time.

    If not, it may be a step in the cost of memory; another doubling does not have that one.
    """
    return any(growth(read, filler, each) <= MOST for each in (size, size // 2))


def check(read: Read, texts: list[Filler], *, largest: int = LARGEST) -> None:
    """Check small texts of all kinds, and large ones of the kind that takes longest."""
    assert texts
    for size in SIZES:
        for filler in texts:
            assert is_linear(read, filler, size), (filler, size)
    slowest = max(texts, key=lambda filler: seconds(read, filler.of(SIZES[-1])))
    assert is_linear(read, slowest, largest), (slowest, largest)


class Use(NamedTuple):
    """A regular expression in the source, and a method that is called on it."""

    place: str
    pattern: re.Pattern[str]
    method: str


def uses(package: str) -> Iterator[Use]:
    folder = ROOT / SOURCES[package]
    for path in sorted((folder / package).rglob("*.py")):
        name = ".".join(path.relative_to(folder).with_suffix("").parts).removesuffix(".__init__")
        tree = ast.parse(path.read_text(encoding="utf-8"))
        calls: list[Any] = [node for node in ast.walk(tree) if is_call_of(node, "re")]
        if calls:
            module = importlib.import_module(name)
            for call in calls:
                yield from uses_of(call, tree, module, f"{name}:{call.lineno}")


def is_call_of(node: ast.AST, module: str) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == module
        and node.func.attr not in {"escape"}
    )


def uses_of(call: Any, tree: ast.Module, module: ModuleType, place: str) -> Iterator[Use]:
    given = call.args if call.func.attr == "compile" else call.args[:1]
    source = ", ".join(ast.unparse(argument) for argument in given)
    # The arguments of our own source, in its own namespace.
    pattern = eval(f"re.compile({source})", vars(module))  # noqa: S307
    if call.func.attr != "compile":
        yield Use(place, pattern, call.func.attr)
        return
    targets = {
        target.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and node.value is call
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    methods = {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and (node.value is call or (isinstance(node.value, ast.Name) and node.value.id in targets))
    }
    assert methods, f"{place}: nothing in its module uses it"
    for method in sorted(methods):
        yield Use(place, pattern, method)


USES = [use for package in SOURCES for use in uses(package)]


def test_the_regular_expressions_are_found() -> None:
    assert {use.place.partition(":")[0] for use in USES} >= {
        "firehose.numeric",
        "firehose.instant",
        "firehose.errors",
        "firehose.registration_checks.module",
        "plan.fields",
    }


@pytest.mark.parametrize("use", USES, ids=lambda use: f"{use.place}.{use.method}")
def test_a_regular_expression_takes_linear_time(use: Use) -> None:
    method = getattr(use.pattern, use.method)
    read = partial(method, "") if use.method.startswith("sub") else method
    texts = fillers(use.pattern)
    if texts:  # else nothing in it is repeated
        # Nobody but the partner writes what a plan is made of.
        check(read, texts, largest=SIZES[-1] if use.place.startswith("plan.") else LARGEST)


@pytest.mark.parametrize(
    ("pattern", "method", "size"),
    [
        (r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,9})?", "fullmatch", 2_000),
        (r"<a\s[^>]*href\s*=", "search", 4_000),
        (r"[^@\s]+@[^@\s]+\.[^@\s]+", "fullmatch", 4_000),
        (r"\s+$", "search", 4_000),
    ],
)
def test_a_quadratic_expression_is_found(pattern: str, method: str, size: int) -> None:
    compiled = re.compile(pattern)
    read = getattr(compiled, method)
    assert not all(is_linear(read, filler, size) for filler in fillers(compiled))


def below(kind: type[Any]) -> list[type[Any]]:
    return [found for child in kind.__subclasses__() for found in (child, *below(child))]


def readers() -> dict[str, Read]:
    """Find everything that makes a value of a text."""
    found: dict[str, Read] = {}
    for strictness, table in (("tolerant", TOLERANT), ("strict", STRICT)):
        for hint, convert in table.items():
            found[f"{strictness} {getattr(hint, '__name__', hint)}"] = convert
    for vocabulary in below(Vocabulary):
        found[f"tolerant {vocabulary.__name__}"] = word_of(vocabulary)
        found[f"strict {vocabulary.__name__}"] = known_word_of(vocabulary)
    found |= {
        name: value
        for name, value in (*vars(numeric).items(), *vars(errors).items())
        if name.startswith("is_") or name.endswith("_of")
    }
    for name, getter in vars(SettingReaders).items():
        if name.endswith("_setting"):
            found[name] = partial(read_setting, getter)
    return found


def read_setting(getter: Callable[[Account, str], object], text: str) -> object:
    return getter(Account(account_settings={"key": Secret(text)}), "key")


READERS = readers()
HOSTILE = [
    Filler(head, pump, tail)
    for head, pump in (
        ("", "1"), ("-", "0"), ("0.", "1"), ("1e", "9"), ("1", "_0"), ("", "1."), ("", "+-"),
        ("", " "), ("1", " "), ("", "٣"), ("", "a"), ("2021-11-01T15:00:00.", "1"), ("", "NaN"),
        ("", "true"), ("", "a-"),
    )
    for tail in ("", "\0")
]  # fmt: skip


@pytest.mark.parametrize("name", READERS)
def test_a_value_is_read_in_linear_time(name: str) -> None:
    check(READERS[name], HOSTILE)


LONG_NUMBER = "9" * 4_000
JSON_FILLERS = [
    Filler('"', "1", '"'), Filler('"', "1", 'x"'), Filler('"', " ", '"'), Filler("", "9", ""),
    Filler("0.", "1", ""), Filler("1e", "9", ""), Filler("", "[", ""), Filler('{"":', "[]", "}"),
    Filler("[", "1e3999,", "0]"), Filler("[", "1e-3999,", "0]"), Filler("[", '"1e3999",', "0]"),
    Filler("[", f"{LONG_NUMBER},", "0]"), Filler("[", f"{LONG_NUMBER}.5,", "0]"),
    Filler("[", '{"type":"x"},', "{}]"), Filler("[", "null,", "null]"), Filler("[", "[],", "0]"),
    Filler("{", '"a":1e3999,', '"b":0}'), Filler("{", '"\\ud83d":"\\ud83d",', '"b":0}'),
]  # fmt: skip


def places(model: type[Model], seen: frozenset[type[Model]] = frozenset()) -> dict[str, str]:
    """Find a way to each kind of value below a message: JSON with an `@` where it goes."""
    found: dict[str, str] = {}
    tag = model.__struct_config__.tag
    start = f'"type":"{tag}",' if tag else ""
    for name, hint in get_type_hints(model, include_extras=True).items():
        if name not in model.__struct_fields__:
            continue
        found.setdefault(str(hint), f'{{{start}"{name}":@}}')
        for inner, around in inside(hint):
            if isinstance(inner, type) and issubclass(inner, Model) and inner not in seen:
                for kind, text in places(inner, seen | {model}).items():
                    outer = around.replace("@", text)
                    found.setdefault(kind, f'{{{start}"{name}":{outer}}}')
    return found


def inside(hint: Any, around: str = "@") -> Iterator[tuple[Any, str]]:
    yield hint, around
    wrap = {list: "[@]", dict: '{"key":@}'}.get(get_origin(hint), "@")
    for argument in get_args(hint):
        yield from inside(argument, around.replace("@", wrap))


PLACES = {
    kind: text
    for message in MESSAGES
    if issubclass(message, Request)
    for kind, text in places(message).items()
} | {"an unknown field": '{"type":"event_processing_request","events":[],"x_new":@}'}


def read_message(place: str, text: str) -> None:
    with suppress(InvalidMessage):
        decode(place.replace("@", text).encode())


@pytest.mark.parametrize("kind", PLACES, ids=str)
def test_a_message_with_a_hostile_value_is_read_in_linear_time(kind: str) -> None:
    read = partial(read_message, PLACES[kind])
    for filler in JSON_FILLERS:
        assert is_linear(read, filler, SIZES[0]), filler
        assert is_linear(read, filler, SIZES[1]), filler


@pytest.mark.parametrize("filler", JSON_FILLERS, ids=lambda filler: filler.pump[:9])
def test_a_message_of_the_largest_size_is_read_in_linear_time(filler: Filler) -> None:
    """In the place where it takes longest; and in seconds, for a large factor is linear too."""
    sent = filler.of(SIZES[1])
    place = max(PLACES.values(), key=lambda place: seconds(partial(read_message, place), sent))
    read = partial(read_message, place)

    assert is_linear(read, filler, LARGEST_BYTES // 2), place
    largest = filler.of(LARGEST_BYTES)
    assert seconds(read, largest) < MOST_SECONDS_AT_THE_LARGEST_SIZE
