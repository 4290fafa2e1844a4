"""Find the partner's integration class by the name that deployment.toml gives it."""

from __future__ import annotations

from importlib import import_module

from firehose import MessageProcessor


class IntegrationError(Exception):
    """The configured integration cannot be used; says what was looked for and what to mend."""


def load_integration(name: str) -> MessageProcessor:
    """Make the one integration object of this process from `module:Class`.

    Raises `IntegrationError` when the class is missing or no `MessageProcessor`. Whatever the
    module or the class itself raises is the partner's own error and comes through unchanged.
    """
    module_name, _, class_name = name.partition(":")
    try:
        module = import_module(module_name)
    except ModuleNotFoundError as error:
        if error.name != module_name:  # something that the module itself imports
            raise
        raise IntegrationError(f"{name}: no module {module_name} in the package") from None
    integration = getattr(module, class_name, None)
    if not (isinstance(integration, type) and issubclass(integration, MessageProcessor)):
        raise IntegrationError(
            f"{name}: {module_name} has no class {class_name} derived from MessageProcessor"
        )
    return integration()
