"""Finding the integration class that deployment.toml names."""

from __future__ import annotations

from pathlib import Path

import pytest

from acme import Acme
from endpoint.plugin import IntegrationError, load_integration


def test_integration_is_made_from_module_and_class() -> None:
    assert isinstance(load_integration("acme:Acme"), Acme)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("nowhere:Integration", "no module nowhere in the package"),
        ("acme:Missing", "has no class Missing derived from MessageProcessor"),
        ("acme:registration", "has no class registration derived from MessageProcessor"),
        ("json:JSONDecoder", "has no class JSONDecoder derived from MessageProcessor"),
    ],
)
def test_what_cannot_be_used_is_named_with_the_reason(name: str, text: str) -> None:
    with pytest.raises(IntegrationError, match=text):
        load_integration(name)


def test_an_import_missing_inside_the_integration_is_the_partners_own_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "broken_integration.py").write_text("import not_packaged\n")
    monkeypatch.syspath_prepend(str(tmp_path))

    with pytest.raises(ModuleNotFoundError, match="not_packaged"):
        load_integration("broken_integration:Integration")
