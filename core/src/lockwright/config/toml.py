"""Where a file is not TOML, in words that can be translated; the parser's own are English."""

from __future__ import annotations

import re
import tomllib

from lockwright.i18n import _

_PLACE = re.compile(r"(?P<said>.*) \(at line (?P<line>\d+), column (?P<column>\d+)\)")
_END = " (at end of document)"


def toml_reason(error: tomllib.TOMLDecodeError) -> str:
    """Where the text stops being TOML, with what the parser says as a quotation.

    Args:
        error: what the parser raised.
    """
    if place := _PLACE.fullmatch(str(error)):
        text = _('line {line}, column {column} is not TOML ("{said}")')
        return text.format(**place.groupdict())
    return _('it is not TOML ("{said}")').format(said=str(error).removesuffix(_END))
