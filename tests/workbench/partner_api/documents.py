"""OpenAPI documents of partners, as small as they can be."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.running import ROOT
from workbench.partner_api.api_document import ApiDocument, read_document

LOYALTY = ROOT / "tests" / "fixtures" / "openapi" / "loyalty.yaml"
EVENT: dict[str, Any] = {
    "type": "object",
    "required": ["id"],
    "properties": {"id": {"type": "string"}, "name": {"type": "string"}},
}


def content(
    schema: dict[str, Any],
    *,
    version: str = "3.1.0",
    path: str = "/events",
    method: str = "post",
    scheme: dict[str, Any] | None = None,
    servers: list[dict[str, Any]] | None = None,
    schemas: dict[str, Any] | None = None,
    **operation: Any,
) -> dict[str, Any]:
    """Give a document with one operation whose body has a schema."""
    body = {"required": True, "content": {"application/json": {"schema": schema}}}
    return {
        "openapi": version,
        "info": {"title": "API", "version": "1"},
        "servers": servers or [{"url": "https://api.globex.test"}],
        "paths": {
            path: {
                method: {
                    "requestBody": body,
                    "responses": {"200": {"description": "Taken"}},
                    **({"security": [{"key": []}]} if scheme else {}),
                    **operation,
                }
            }
        },
        "components": {
            "schemas": schemas or {},
            **({"securitySchemes": {"key": scheme}} if scheme else {}),
        },
    }


def written(folder: Path, made: dict[str, Any]) -> Path:
    """Write a document; give its file."""
    file = folder / "openapi.json"
    file.write_text(json.dumps(made), "utf-8")
    return file


def document(folder: Path, schema: dict[str, Any], **about: Any) -> ApiDocument:
    return read_document(written(folder, content(schema, **about)))
