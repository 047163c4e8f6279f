"""A file of the configuration: read as a whole, or told why it cannot be."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from lockwright.config.table import Table, Wrong
from lockwright.config.toml import toml_reason
from lockwright.errors import reason_of
from lockwright.i18n import _

from lockwright_desk.errors import DeskConfigurationBroken, DeskNotReady

_Settings = TypeVar("_Settings")


def read(file: Path, settle: Callable[[Table], _Settings]) -> _Settings:
    """What a file says.

    Args:
        file: the file.
        settle: makes settings of its content.

    Raises:
        DeskNotReady: there is no file.
        DeskConfigurationBroken: it cannot be read, or says something that has no meaning.
    """
    try:
        return settle(Table("", tomllib.loads(file.read_text(encoding="utf-8"))))
    except FileNotFoundError:
        raise DeskNotReady(reason=_("there is no file {file}").format(file=file)) from None
    except OSError as error:
        reason = reason_of(error)
    except UnicodeDecodeError:
        reason = _("it is not UTF-8 text")
    except tomllib.TOMLDecodeError as error:
        reason = toml_reason(error)
    except Wrong as error:
        reason = str(error)
    raise DeskConfigurationBroken(file=str(file), reason=reason)
