"""The JSON Schema of deployment.toml, for editors: `python -m plan.schema > deployment.schema.json`."""

from __future__ import annotations

import json
import sys

from plan.deployment import Deployment


def schema_text() -> str:
    """Render the schema as the text of the file, newline included."""
    schema = Deployment.model_json_schema()
    return (
        json.dumps({"$schema": "https://json-schema.org/draft/2020-12/schema"} | schema, indent=2)
        + "\n"
    )


if __name__ == "__main__":
    sys.stdout.write(schema_text())
