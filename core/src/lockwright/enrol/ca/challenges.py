"""In which ways a server takes a login: the challenges of a 401 (RFC 9110, 11.6.1)."""

from __future__ import annotations

import re
from collections.abc import Mapping

from lockwright.enrol.ca.server_text import shown

_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
_SCHEME = re.compile(r"\s*([!#$%&'*+.^_`|~0-9A-Za-z-]+)(?:\s+[^\s=]|\s*\Z)")
"""The start of a challenge; a parameter has an equals sign behind its name."""
_BASIC = "basic"


def without_basic(headers: Mapping[str, str]) -> str:
    """The schemes that a server offers, where HTTP Basic is not among them; empty otherwise.

    A 401 without any challenge may be for a wrong password: libest leaves the header out then.

    Args:
        headers: of a 401, their names in lower case; several of one name joined by commas.
    """
    told = _QUOTED.sub('""', headers.get("www-authenticate", ""))
    found = [match[1] for each in told.split(",") if (match := _SCHEME.match(each))]
    if any(scheme.lower() == _BASIC for scheme in found):
        return ""
    return shown(", ".join(dict.fromkeys(found))) if found else ""
