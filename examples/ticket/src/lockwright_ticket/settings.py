"""What the bank's tickets look like, and who knows them.

The file lies in the Python environment that the plugin is installed in.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from lockwright.errors import BrokenConfiguration, reason_of
from lockwright.files import exposure
from lockwright.i18n import _

_KEYS = {"form", "record", "service"}
_OF_SERVICE = {"url", "ca", "seconds", "authorization", "expect"}


@dataclass(frozen=True)
class Service:
    """A web service that knows tickets."""

    url: str
    """What is asked, https; ``{ticket}`` in it stands for the number."""
    ca: Path | None = None
    """Who vouches for its server; None for whom the system trusts."""
    seconds: float = 5.0
    """How long it may take."""
    authorization: Path | None = None
    """A file, for its owner's eyes only, with what goes into the header of that name."""
    expect: Mapping[str, str] = field(default_factory=dict)
    """What its answer, a JSON object, is to say: texts by the names of its fields; ``{serial}``
    in them stands for the token's serial number, ``{operation}`` for the hook."""


@dataclass(frozen=True)
class Settings:
    """The settings."""

    form: re.Pattern[str]
    """What the number of a ticket looks like, all of it."""
    record: Path | None = None
    """A chained file of which ticket was used for what; None for none."""
    service: Service | None = None
    """Who is asked; None for nobody."""


def settings_file() -> Path:
    """Where the settings are."""
    return Path(sys.prefix) / "etc" / "lockwright" / "ticket.toml"


def read(file: Path) -> Settings:
    """What a file says.

    Raises:
        BrokenConfiguration: it is missing or says something that has no meaning, or anybody may
            change it.
    """
    try:
        exposure.check(file)
        return _settled(tomllib.loads(file.read_text("utf-8")), file.parent)
    except OSError as error:
        reason = reason_of(error)
    except (ValueError, re.error) as error:  # of UTF-8, TOML, the form, or the rules below
        reason = str(error)
    raise BrokenConfiguration(file=str(file), reason=reason)


def _settled(content: Mapping[str, Any], base: Path) -> Settings:
    _refuse_unknown(content, _KEYS)
    form, record, service = (content.get(name) for name in ("form", "record", "service"))
    if not isinstance(form, str) or not form:
        raise ValueError(_("form is to be a regular expression"))
    found = None if service is None else _service(service, base)
    return Settings(re.compile(form), base / record if record else None, found)


def _service(table: Mapping[str, Any], base: Path) -> Service:
    _refuse_unknown(table, _OF_SERVICE)
    url, seconds, expect = table.get("url", ""), table.get("seconds", 5.0), table.get("expect", {})
    if urlsplit(url).scheme != "https" or "{ticket}" not in url:
        raise ValueError(_("url is to begin with https:// and to have {ticket} in it"))
    if not isinstance(seconds, int | float) or seconds <= 0:
        raise ValueError(_("{name} is to be a number above 0").format(name="seconds"))
    ca, authorization = (
        base / table[name] if name in table else None for name in ("ca", "authorization")
    )
    return Service(url, ca, float(seconds), authorization, {k: str(v) for k, v in expect.items()})


def _refuse_unknown(table: Mapping[str, object], known: set[str]) -> None:
    if unknown := table.keys() - known:
        raise ValueError(_("unknown: {names}").format(names=", ".join(sorted(unknown))))
