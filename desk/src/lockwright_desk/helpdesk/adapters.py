"""The adapters of the desk, asked only how a model's Request and serial number are written."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from lockwright.models import ResponseRule
from lockwright.registry import Registry

from lockwright_desk.configuration.adapters import AdapterSettings

Rules = Callable[[str, str], ResponseRule]
"""What a Request of an adapter's model looks like; raises ``UnknownVendor``, ``RuleNotPublic``,
``AdapterBroken``."""


def rules_of(settings: AdapterSettings) -> Rules:
    """The rules of the adapters that are installed; they are imported when first asked for.

    Args:
        settings: which may be imported, and their own settings.

    Raises:
        ValueError: later, at first use: ``allow`` names no plugin.
    """

    @cache
    def registry() -> Registry:
        return Registry(allow=settings.allow)

    @cache
    def rule(adapter: str, model: str) -> ResponseRule:
        return registry().response_rule(adapter, model, settings.tables.get(adapter, {}))

    return rule
