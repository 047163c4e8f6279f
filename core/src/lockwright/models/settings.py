"""An adapter's own table of the configuration file."""

from __future__ import annotations

from collections.abc import Mapping

Setting = str | int | bool | list[str]
"""One value of it, as TOML has it."""
Settings = Mapping[str, Setting]
"""The table ``[adapters.NAME]``."""
