"""The JSON Schema of deployment.toml, for editors; printed by `python -m plan.schema`."""

from __future__ import annotations

import json
import sys

from plan.deployment import Deployment


def schema_text() -> str:
    """Render the schema as the text of deployment.schema.json."""
    schema = Deployment.model_json_schema()
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
    return f"{json.dumps(schema, indent=2)}\n"


if __name__ == "__main__":
    sys.stdout.write(schema_text())
