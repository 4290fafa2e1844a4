"""CSS that only paints: known properties, and no reference but to a part of the same file.

tinycss2 reads it as a browser does, so that an escape or another spelling of `url(` is what it is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

import tinycss2
from tinycss2 import ast

_FUNCTIONS = {
    "rgb", "rgba", "hsl", "hsla", "matrix", "translate", "translatex", "translatey",
    "scale", "scalex", "scaley", "rotate", "skewx", "skewy",
}  # fmt: skip
_OUTSIDE = "a style that refers to something outside the file"


def stylesheet_problems(text: str, properties: Collection[str]) -> Iterator[str]:
    """Say what a style sheet has beyond plain rules with these properties."""
    for rule in tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True):
        if isinstance(rule, ast.QualifiedRule):
            yield from _declarations(rule.content, properties)
        elif isinstance(rule, ast.AtRule):
            yield f"the CSS rule @{rule.lower_at_keyword[:40]}"
        else:
            yield "CSS that cannot be read"


def style_problems(text: str, properties: Collection[str]) -> Iterator[str]:
    """Say what a style attribute has beyond these properties."""
    yield from _declarations(tinycss2.parse_component_value_list(text), properties)


def value_problems(text: str) -> Iterator[str]:
    """Say what the value of one property has that is not allowed."""
    yield from _values(tinycss2.parse_component_value_list(text))


def _declarations(content: Iterable[ast.Node], properties: Collection[str]) -> Iterator[str]:
    for item in tinycss2.parse_blocks_contents(content, skip_comments=True, skip_whitespace=True):
        if not isinstance(item, ast.Declaration):
            yield "CSS that cannot be read"
        elif item.lower_name not in properties:
            yield f"the CSS property {item.lower_name[:40]}, which is not one of a plain drawing"
        else:
            yield from _values(item.value)


def _values(values: Iterable[ast.Node]) -> Iterator[str]:
    for value in values:
        if isinstance(value, ast.URLToken):
            if not value.value.startswith("#"):
                yield _OUTSIDE
        elif isinstance(value, ast.FunctionBlock):
            yield from _function(value)
        elif isinstance(
            value, ast.ParenthesesBlock | ast.SquareBracketsBlock | ast.CurlyBracketsBlock
        ):
            yield "a CSS block inside a value"
        elif isinstance(value, ast.ParseError | ast.AtKeywordToken):
            yield "CSS that cannot be read"


def _function(function: ast.FunctionBlock) -> Iterator[str]:
    name, arguments = function.lower_name, function.arguments
    if name == "url":
        target = arguments[0] if len(arguments) == 1 else None
        if not isinstance(target, ast.StringToken) or not target.value.startswith("#"):
            yield _OUTSIDE
    elif name not in _FUNCTIONS:
        yield f"the CSS function {name[:40]}(), which is not one of a plain drawing"
    elif any(isinstance(argument, ast.FunctionBlock) for argument in arguments):
        yield "a CSS function inside another"  # whose depth has no end
    else:
        yield from _values(arguments)
