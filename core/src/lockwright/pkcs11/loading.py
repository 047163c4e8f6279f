"""Why a library cannot be loaded, in words that can be translated; the loader's own are English."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from lockwright.errors import reason_of
from lockwright.i18n import N_, _

_ELF = b"\x7fELF"
_HEADER = 20
"""Bytes of an ELF header up to and including ``e_machine`` (elf.h)."""
_MISSING = re.compile(
    r"(?P<library>[^/:\s]+): cannot open shared object file: No such file"  # glibc
    r"|Error loading shared library (?P<musl>[^/:\s]+): No such file"
)
_SYMBOL = re.compile(r"undefined symbol: (?P<symbol>\w+)|: (?P<musl>\w+): symbol not found")
_VERSION = re.compile(r"(?P<library>[^/:\s]+): version `(?P<version>[^']+)' not found")


def load_reason(path: Path, error: OSError) -> str:
    """Why a library did not let itself be loaded.

    Args:
        path: absolute path of the library.
        error: what the loader said.
    """
    return _of_the_file(path) or _of_what_it_needs(str(error)) or _quoted(path, str(error))


def _of_the_file(path: Path) -> str | None:
    """What is wrong with the file itself; the loader calls one for another processor missing."""
    try:
        header = _header(path)
    except OSError as error:
        return reason_of(error)
    if sys.platform != "linux":
        return None
    if not header.startswith(_ELF):
        return N_("it is not a shared library")
    if not _is_of_this_process(header):
        return N_("it was built for another processor")
    return None


def _is_of_this_process(header: bytes) -> bool:
    """Whether a library is for the processor that Python runs on, as far as can be told."""
    try:
        own = _header(Path(sys.executable))
    except OSError:
        return True
    return (header[4:6], header[18:20]) == (own[4:6], own[18:20])


def _header(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_HEADER)


def _of_what_it_needs(said: str) -> str | None:
    """What it looks for and does not find."""
    if found := _VERSION.search(said):
        text = _("it needs {version}, and the {library} of this system is too old for that")
        return text.format(version=found["version"], library=found["library"])
    if found := _MISSING.search(said):
        text = _("it needs the library {library}, which is not there")
        return text.format(library=found["library"] or found["musl"])
    if found := _SYMBOL.search(said):
        text = _("it needs the function {symbol}, which no library here has")
        return text.format(symbol=found["symbol"] or found["musl"])
    return None


def _quoted(path: Path, said: str) -> str:
    return _('the loader says "{text}"').format(text=said.removeprefix(f"{path}: "))
