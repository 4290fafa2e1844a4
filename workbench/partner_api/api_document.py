"""The OpenAPI document of a partner's API: read, checked, and its references followed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from console.exit_codes import UsageError

if TYPE_CHECKING:
    from jsonschema.protocols import Validator

NAMES = ("openapi.yaml", "openapi.yml", "openapi.json")
"""How the document is called beside an integration's tests; the first that is there counts."""
_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_URI = "urn:partner-api"
_MOST_HOPS = 50

Node = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiServer:
    """A place where the API answers: `url` with its variables filled in, and words about it."""

    url: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiOperation:
    """A path with a method. `name` is the operationId, or method and path where it has none.

    `schema` is of the JSON body, none without one, and `pointer` leads to it in the document;
    `media_types` are all that the body may be.
    """

    name: str
    method: str
    path: str
    parameters: Sequence[Node]
    security: Sequence[Node]
    body_is_required: bool
    media_types: Sequence[str]
    schema: Node | None
    pointer: str
    words: str


@dataclass(frozen=True, kw_only=True)
class ApiDocument:
    """The document. References inside it are followed; it may have none to other files."""

    content: Node = field(repr=False)
    _validators: dict[str, Validator] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def servers(self) -> list[ApiServer]:
        """List every server, one for each way to fill its variables in, the default first."""
        return [
            ApiServer(url=url.rstrip("/"), words=f"{server.get('description', '')} {said}")
            for server in self.content.get("servers", ())
            for url, said in _filled(server)
        ]

    @cached_property
    def operations(self) -> list[ApiOperation]:
        """List the operations in the document's order."""
        return [
            self._operation(path, self.resolved(item), method)
            for path, item in self.content.get("paths", {}).items()
            for method in _METHODS
            if method in self.resolved(item)
        ]

    def resolved(self, node: Node) -> Node:
        """Follow a reference to what it means."""
        for _ in range(_MOST_HOPS):
            pointer = node.get("$ref")
            if not isinstance(pointer, str):
                return node
            node = self._at(pointer)
        raise _unusable("a reference leads to itself")

    def merged(self, schema: Node) -> Node:
        """Follow a schema's reference and give it with what its `allOf` adds."""
        found = dict(self.resolved(schema))
        for part in found.pop("allOf", ()):
            inner = self.merged(part)
            properties = {**inner.get("properties", {}), **found.get("properties", {})}
            required = [*found.get("required", ()), *inner.get("required", ())]
            found = {**inner, **found, "properties": properties, "required": required}
        return found

    def security_scheme(self, name: str) -> Node:
        """Give how a caller proves who it is, by the scheme's name."""
        schemes = self.content.get("components", {}).get("securitySchemes", {})
        return self.resolved(schemes.get(name, {}))

    def validator(self, pointer: str) -> Validator:
        """Give what holds a value against the schema at a place of the document."""
        if pointer not in self._validators:
            self._validators[pointer] = self._validator(pointer)
        return self._validators[pointer]

    def _validator(self, pointer: str) -> Validator:
        # Loaded where there is a document, as they take a quarter of a second.
        from openapi_schema_validator import (  # noqa: PLC0415 - see above
            OAS30WriteValidator,
            OAS31Validator,
        )
        from referencing import Registry  # noqa: PLC0415
        from referencing.jsonschema import DRAFT4, DRAFT202012  # noqa: PLC0415

        is_30 = str(self.content["openapi"]).startswith("3.0")
        resource = (DRAFT4 if is_30 else DRAFT202012).create_resource(dict(self.content))
        kind = OAS30WriteValidator if is_30 else OAS31Validator
        registry: Registry[Any] = Registry().with_resource(_URI, resource)
        made: Validator = kind(
            {"$ref": f"{_URI}{pointer}"}, registry=registry, format_checker=kind.FORMAT_CHECKER
        )
        return made

    def _at(self, pointer: str) -> Node:
        if not pointer.startswith("#/"):
            raise _unusable(f"a reference leads to {pointer}; one document has to hold it all")
        found: Any = self.content
        for part in pointer[2:].split("/"):
            name = part.replace("~1", "/").replace("~0", "~")
            found = found[int(name)] if isinstance(found, list) else found.get(name)
            if found is None:
                raise _unusable(f"{pointer} is not there")
        return cast("Node", found)

    def _operation(self, path: str, item: Node, method: str) -> ApiOperation:
        node = item[method]
        body = self.resolved(node.get("requestBody", {}))
        content = body.get("content", {})
        json_type = next((it for it in content if _is_json(it)), None)
        pointer = ""
        schema = content[json_type].get("schema") if json_type else None
        if json_type and schema is not None:
            here = f"#/paths/{_escaped(path)}/{method}/requestBody"
            whole = node["requestBody"].get("$ref", here)
            pointer = f"{whole}/content/{_escaped(json_type)}/schema"
        return ApiOperation(
            name=node.get("operationId", f"{method.upper()} {path}"),
            method=method.upper(),
            path=path,
            parameters=[
                self.resolved(it)
                for it in (*item.get("parameters", ()), *node.get("parameters", ()))
            ],
            security=node.get("security", self.content.get("security", ())),
            body_is_required=bool(body.get("required")),
            media_types=tuple(content),
            schema=schema,
            pointer=pointer,
            words=" ".join(
                str(node.get(key, "")) for key in ("operationId", "summary", "tags", "description")
            ),
        )


def read_document(file: Path) -> ApiDocument:
    """Read a document, YAML or JSON, of OpenAPI 3.0 or 3.1.

    Raises `UsageError` for one that cannot be read or breaks OpenAPI's rules.
    """
    import yaml  # type: ignore[import-untyped]  # noqa: PLC0415 - see `validator`; has no types
    from openapi_spec_validator import (  # noqa: PLC0415
        OpenAPIV30SpecValidator,
        OpenAPIV31SpecValidator,
    )
    from referencing.exceptions import Unresolvable  # noqa: PLC0415

    try:
        content = yaml.safe_load(file.read_bytes())
    except OSError as error:
        raise _unusable(f"{file}: {error.strerror}") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        place = getattr(error, "problem_mark", None)
        at = f" at line {place.line + 1}" if place else ""
        raise _unusable(f"{file} is neither YAML nor JSON{at}") from None
    version = str(content.get("openapi", "")) if isinstance(content, dict) else ""
    kind = {"3.0": OpenAPIV30SpecValidator, "3.1": OpenAPIV31SpecValidator}.get(version[:3])
    if kind is None:
        raise _unusable(f"{file} has openapi: {version or 'nothing'}; 3.0 and 3.1 are known")
    document = ApiDocument(content=content)
    try:
        broken = next(iter(kind(content).iter_errors()), None)
    except Unresolvable as error:
        reason = f"{error.ref} leads nowhere in it; one document has to hold it all"
        raise _unusable(f"{file}: {reason}") from None
    except (ValueError, LookupError, TypeError):
        raise _unusable(f"{file}: a reference leads into a text or a number") from None
    except RecursionError:
        raise _unusable(f"{file}: a schema consists of itself") from None
    if broken:
        raise _unusable(f"{file}: {broken.json_path}: {broken.message}")
    return document


def document_beside(tests: Path) -> Path | None:
    """Find the document beside an integration's tests; none where there is none."""
    return next((file for name in NAMES if (file := tests / name).is_file()), None)


def _filled(server: Node) -> Iterator[tuple[str, str]]:
    """Fill the variables of a server's URL in, each way they allow, the defaults first."""
    variables = server.get("variables", {})
    choices = [
        dict.fromkeys([str(it["default"]), *map(str, it.get("enum", ()))])
        for it in variables.values()
    ]
    for values in product(*choices):
        url = str(server["url"])
        for name, value in zip(variables, values, strict=True):
            url = url.replace(f"{{{name}}}", value)
        yield url, " ".join(values)


def _is_json(media_type: str) -> bool:
    kind = media_type.partition(";")[0].strip().lower()
    return kind in {"application/json", "*/*", "application/*"} or kind.endswith("+json")


def _escaped(part: str) -> str:
    return part.replace("~", "~0").replace("/", "~1")


def _unusable(reason: str) -> UsageError:
    return UsageError(
        f"The OpenAPI document cannot be used: {reason}",
        next_step="give one file of OpenAPI 3.0 or 3.1 that holds all it refers to",
    )
