"""Values that a JSON Schema allows, for the words of JSON Schema that our document uses."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

# No halves of surrogate pairs: they have no form in UTF-8, so they cannot be posted.
TEXT = st.text(st.characters(codec="utf-8"), max_size=12)
_ANNOTATIONS = {"title", "description", "default", "examples", "components", "discriminator"}
_UNDERSTOOD = _ANNOTATIONS | {
    "$ref", "additionalProperties", "anyOf", "enum", "format", "items", "maximum", "minLength",
    "minimum", "not", "oneOf", "pattern", "properties", "required", "type",
}  # fmt: skip


def values_of(schema: dict[str, Any], document: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Generate values of a schema, whose references lead into the document."""
    if unknown := schema.keys() - _UNDERSTOOD:
        raise NotImplementedError(f"the schema has {sorted(unknown)}")
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return st.deferred(lambda: values_of(document["components"]["schemas"][name], document))
    for choice in ("anyOf", "oneOf"):
        if choice in schema:
            return st.one_of([values_of(option, document) for option in schema[choice]])
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    return _of_type(schema, document)


def _of_type(schema: dict[str, Any], document: dict[str, Any]) -> st.SearchStrategy[Any]:
    kind = schema["type"]
    if kind == "object":
        return _objects(schema, document)
    if kind == "array":
        return st.lists(values_of(schema.get("items", {"type": "null"}), document), max_size=2)
    if kind == "string":
        return _texts(schema)
    return {
        "integer": st.integers(schema.get("minimum"), schema.get("maximum")),
        "number": st.floats(allow_nan=False, allow_infinity=False) | st.integers(),
        "boolean": st.booleans(),
        "null": st.none(),
    }[kind]


def _texts(schema: dict[str, Any]) -> st.SearchStrategy[str]:
    if schema.get("format") == "uuid":
        return st.uuids().map(str)
    if schema.get("format") == "date-time":
        return st.datetimes().map(lambda moment: f"{moment.isoformat()}Z")
    if excluded := schema.get("not", {}).get("enum"):
        return TEXT.filter(lambda text: text not in excluded)
    texts = TEXT.filter(lambda text: len(text) >= schema.get("minLength", 0))
    return texts | st.sampled_from(schema["examples"]) if "examples" in schema else texts


def _objects(schema: dict[str, Any], document: dict[str, Any]) -> st.SearchStrategy[Any]:
    rest = schema.get("additionalProperties")
    if isinstance(rest, dict):
        return st.dictionaries(TEXT, values_of(rest, document), max_size=2)
    properties = {
        name: st.deferred(lambda below=below: values_of(below, document))  # type: ignore[misc]
        for name, below in schema.get("properties", {}).items()
    }
    required = {name: properties.pop(name) for name in schema.get("required", ())}
    known = st.fixed_dictionaries(required, optional=properties)
    if rest is False:
        return known
    newer = st.dictionaries(TEXT.map(lambda text: f"new_{text}"), st.booleans(), max_size=1)
    return st.tuples(newer, known).map(lambda both: both[0] | both[1])
