"""Where copies go. The file lies in the Python environment that the plugin is installed in."""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from lockwright.errors import BrokenConfiguration, reason_of
from lockwright.files import exposure
from lockwright.i18n import _

_KEYS = {"to", "spool", "seconds", "pause", "most"}
_SCHEMES = {"tcp", "udp", "unix", "file"}


@dataclass(frozen=True)
class Settings:
    """The settings."""

    to: SplitResult
    """The collector: ``tcp://host:port`` and ``udp://host:port`` and ``unix:///path`` take syslog
    (RFC 5424), ``file:///path`` a JSON document a line."""
    spool: Path
    """An existing folder, in which each record lies until it is delivered."""
    seconds: float = 1.0
    """How long an operation may wait for its record."""
    pause: float = 30.0
    """How long a collector that was away is left alone, in seconds."""
    most: int = 10_000
    """How many records may lie in the spool."""


def settings_file() -> Path:
    """Where the settings are."""
    return Path(sys.prefix) / "etc" / "lockwright" / "siem-copy.toml"


def read(file: Path) -> Settings:
    """What a file says.

    Raises:
        BrokenConfiguration: it is missing or says something that has no meaning, or anybody may
            change it.
    """
    try:
        exposure.check(file)
        return _settled(tomllib.loads(file.read_text("utf-8")))
    except OSError as error:
        reason = reason_of(error)
    except ValueError as error:  # of UTF-8, TOML, or the rules below
        reason = str(error)
    raise BrokenConfiguration(file=str(file), reason=reason)


def _settled(content: Mapping[str, object]) -> Settings:
    if unknown := content.keys() - _KEYS:
        raise ValueError(_("unknown: {names}").format(names=", ".join(sorted(unknown))))
    to, spool = urlsplit(str(content.get("to", ""))), Path(str(content.get("spool", "")))
    by_name = to.scheme in {"tcp", "udp"}
    whole = bool(to.hostname and to.port) if by_name else to.path.startswith("/")
    if to.scheme not in _SCHEMES or not whole:
        raise ValueError(
            _("to is to be tcp://host:port, udp://host:port, unix:/path or file:/path")
        )
    if not spool.is_absolute():
        raise ValueError(_("spool is to be an absolute path"))
    numbers = {name: content.get(name, getattr(Settings, name)) for name in _KEYS - {"to", "spool"}}
    for name, number in numbers.items():
        if not isinstance(number, int | float) or isinstance(number, bool) or number <= 0:
            raise ValueError(_("{name} is to be a number above 0").format(name=name))
    seconds, pause, most = (float(str(numbers[name])) for name in ("seconds", "pause", "most"))
    return Settings(to, spool, seconds, pause, int(most))
