"""What an adapter was tested on, as the file says that lies beside it in its package.

It is the adapter's own word; its project is held to the rules of the tiers before it is published.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from lockwright.registry.imported import file_of
from lockwright.registry.plugin import Plugin, PluginStatus

FILE = "evidence.toml"


def evidence_of(plugin: Plugin) -> Mapping[str, Any] | None:
    """What lies beside a loaded adapter; None where there is nothing that can be read.

    Args:
        plugin: the adapter; of any other plugin there is none.

    Returns:
        ``tier`` and ``maintainer``, and for each token in ``tested``: ``token``, ``kind``,
        ``bindings``, ``since`` (ISO 8601), ``hooks``, a word for each, and where a person accepted
        it ``report``, ``version`` of the adapter that did it, and ``signer`` of the report.
    """
    if not plugin.adapter or plugin.status is not PluginStatus.LOADED:
        return None
    package = file_of(plugin.value.partition(":")[0].partition(".")[0])
    try:
        text = package.with_name(FILE).read_text("utf-8") if package else ""
        content = tomllib.loads(text)
        claim = content["claim"]
        told = {name: str(claim[name]) for name in ("tier", "maintainer")}
        return {**told, "tested": [_token(each) for each in content.get("tested", ())]}
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return None


def _token(each: Mapping[str, Any]) -> Mapping[str, Any]:
    since, bindings = each["since"], each["bindings"]
    if not isinstance(since, date) or isinstance(since, datetime) or isinstance(bindings, str):
        raise TypeError
    return {
        "token": str(each["token"]),
        "kind": str(each["kind"]),
        "bindings": [str(binding) for binding in bindings],
        "since": since.isoformat(),
        **{name: str(each.get(name, "")) for name in ("report", "version", "signer")},
        "hooks": {hook: str(word) for hook, word in each["hooks"].items()},
    }
