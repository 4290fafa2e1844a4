"""What `--cov` measures: the tests that look at single lines, which the floors are for."""

from __future__ import annotations

from importlib import import_module

import pytest

from cli import MODULES

UNMEASURED = {"local", "simulation"}
"""Folders of tests on the embedded AWS, which run many threads, of which Python 3.11 sometimes
cannot trace one ("another trace function is being installed"), and of plays that pass each line
thousands of times."""


class Measured:
    """A pytest plug-in for runs with pytest-cov."""

    def pytest_collection_modifyitems(
        self, config: pytest.Config, items: list[pytest.Item]
    ) -> None:
        """Leave them out, and load every command while loading is measured."""
        if not config.pluginmanager.hasplugin("_cov"):
            return
        for module in MODULES.values():
            import_module(module)
        for item in items:
            if not UNMEASURED.isdisjoint(item.path.parts):
                item.add_marker(pytest.mark.no_cover)
