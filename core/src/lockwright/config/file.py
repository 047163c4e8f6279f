"""The file of the configuration: read as a whole, or told why it cannot be."""

from __future__ import annotations

import tomllib
from pathlib import Path

from lockwright.config.sections import Settled, settle
from lockwright.config.table import Wrong
from lockwright.config.toml import toml_reason
from lockwright.errors import BrokenConfiguration, reason_of
from lockwright.files import exposure
from lockwright.i18n import _


def read(file: Path) -> Settled:
    """What a file says.

    Args:
        file: the file.

    Raises:
        BrokenConfiguration: it cannot be read, or says something that has no meaning; or anybody
            may change it, or put another in its place.
    """
    try:
        exposure.check(file)
        content = tomllib.loads(file.read_text(encoding="utf-8"))
        return settle(content, file.absolute().parent)
    except OSError as error:
        reason = reason_of(error)
    except UnicodeDecodeError:
        reason = _("it is not UTF-8 text")
    except tomllib.TOMLDecodeError as error:
        reason = toml_reason(error)
    except Wrong as error:
        reason = str(error)
    raise BrokenConfiguration(file=str(file), reason=reason)
