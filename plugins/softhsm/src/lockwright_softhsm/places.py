"""Where SoftHSM's module is, and where it keeps its tokens."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

MODULES = (
    # Debian, Ubuntu
    Path("/usr/lib/softhsm/libsofthsm2.so"),
    Path("/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so"),
    Path("/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so"),
    # Fedora, RHEL
    Path("/usr/lib64/pkcs11/libsofthsm2.so"),
    Path("/usr/lib64/softhsm/libsofthsm2.so"),
    # Homebrew, built from source
    Path("/opt/homebrew/lib/softhsm/libsofthsm2.so"),
    Path("/usr/local/lib/softhsm/libsofthsm2.so"),
    # Windows
    Path(r"C:\SoftHSM2\lib\softhsm2-x64.dll"),
)
"""Where the packages of each system put it."""

_CONFIGURATION = "SOFTHSM2_CONF"
_TOKENS = re.compile(r"^\s*directories\.tokendir\s*=\s*([^#\n]+?)\s*(?:#|$)", re.MULTILINE)


def own_files() -> tuple[Path, ...]:
    """Its configuration, as its manual page ``softhsm2.conf`` says where, and its tokens' folder.

    Returns:
        Empty if there is no configuration; without the folder if it cannot be read.
    """
    for place in _configurations():
        if not os.path.lexists(place):
            continue
        with suppress(OSError, UnicodeDecodeError):
            found = _TOKENS.search(place.read_text(encoding="utf-8"))
            return (place, Path(found[1])) if found else (place,)
        return (place,)
    return ()


def _configurations() -> Iterator[Path]:
    if named := os.environ.get(_CONFIGURATION):
        yield Path(named)
        return
    with suppress(RuntimeError):  # an account without a home
        yield Path("~/.config/softhsm2/softhsm2.conf").expanduser()
    yield from (Path("/etc/softhsm/softhsm2.conf"), Path("/etc/softhsm2.conf"))
