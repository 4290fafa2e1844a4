"""The names of the shipped example, put in another integration's words."""

from __future__ import annotations

import ast
import io
import keyword
import re
import sys
import tokenize
from dataclasses import dataclass
from importlib.util import find_spec

from console.exit_codes import CommandError, ExitCode

EXAMPLE = "integration"
_CLASS = "Integration"
_BRANDS = re.compile(
    r"(?<![A-Za-z])(?:(?P<domain>acme)(?=\.example)|(?P<title>Acme)|(?P<word>acme))(?![a-z])"
)
_LONGEST = 24
"""So that no line of the example becomes longer than the house format allows."""
# What names the package inside a text: a folder of it, its class or a module of it.
_IN_TEXT = re.compile(rf"(?<=tests/){EXAMPLE}\b|(?<=lambda_src/){EXAMPLE}\b|\b{EXAMPLE}(?=[:.]\w)")


@dataclass(frozen=True, slots=True)
class NewName:
    """The package name of a new integration, and what follows from it."""

    package: str

    @property
    def class_name(self) -> str:
        """Name of its class: `acme_events` gives `AcmeEvents`."""
        return "".join(part.capitalize() for part in self.package.split("_"))

    @property
    def domain_label(self) -> str:
        """Its name in a domain, which has no underscores."""
        return self.package.replace("_", "-")


def new_name(text: str) -> NewName:
    """Check the name for a package. Raises `CommandError` with exit code 2 for one that cannot be.

    Whatever Python could already import by that name would hide the package, or be hidden by it.
    """
    if not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", text) or len(text) > _LONGEST:
        allowed = f"1 to {_LONGEST} lower-case letters, digits and single underscores"
        raise _refused(text, f"{allowed}, a letter first")
    if keyword.iskeyword(text) or keyword.issoftkeyword(text):
        raise _refused(text, "no word of the Python language")
    if text in sys.stdlib_module_names or find_spec(text) is not None:
        raise _refused(text, f"no module that is there already, as {text} is")
    return NewName(text)


def renamed_source(source: str, name: NewName) -> str:
    """Rename package, class and brand in Python source; words in prose stay what they are."""
    source = _rebranded(source, name)  # first, for the new name may begin with the brand
    in_imports = _import_lines(source)
    lines = source.splitlines(keepends=True)
    changes = [
        (token, new)
        for token in tokenize.generate_tokens(io.StringIO(source).readline)
        if (new := _renamed_token(token, name, in_imports)) != token.string
    ]
    for token, new in reversed(changes):  # from the end, so that places stay true
        (first, start), (last, end) = token.start, token.end
        lines[first - 1 : last] = [lines[first - 1][:start] + new + lines[last - 1][end:]]
    return "".join(lines)


def renamed_text(text: str, name: NewName) -> str:
    """Rename what names the package, and the brand, in a file that is not Python."""
    return _IN_TEXT.sub(name.package, _rebranded(text, name))


def _import_lines(source: str) -> set[int]:
    nodes = (node for node in ast.walk(ast.parse(source)) if _imports_modules(node))
    return {
        line
        for node in nodes
        for line in range(node.lineno, (node.end_lineno or node.lineno) + 1)  # type: ignore[attr-defined]
    }


def _imports_modules(node: ast.AST) -> bool:
    return isinstance(node, ast.Import | ast.ImportFrom)


def _renamed_token(token: tokenize.TokenInfo, name: NewName, in_imports: set[int]) -> str:
    if token.type == tokenize.NAME and token.string == _CLASS:
        return name.class_name
    if token.type == tokenize.NAME and token.string == EXAMPLE and token.start[0] in in_imports:
        return name.package
    if token.type in {tokenize.STRING, tokenize.COMMENT}:
        return _IN_TEXT.sub(name.package, token.string).replace(f":{_CLASS}", f":{name.class_name}")
    return token.string


def _rebranded(text: str, name: NewName) -> str:
    new = {"domain": name.domain_label, "title": name.class_name, "word": name.package}
    return _BRANDS.sub(lambda found: new[found.lastgroup or "word"], text)


def _refused(text: str, allowed: str) -> CommandError:
    return CommandError(
        f"NAME: found {text}; allowed: {allowed}",
        next_step="choose another name: firehose new NAME",
        exit_code=ExitCode.USAGE,
    )
