"""Why the system refused something, in words that can be translated; its own are English."""

from __future__ import annotations

import errno

from lockwright.i18n import N_, _

__all__ = [
    "reason_of",
]

_DENIED = N_("permission denied")
_FULL = N_("the disk is full")
_INPUT_OUTPUT = N_("the device reports an input/output error")
_NO_ROUTE = N_("there is no route to it")
_TOO_MANY = N_("too many files are open")

_OF_THE_SYSTEM = {
    errno.EACCES: _DENIED,
    errno.EADDRINUSE: N_("another program listens there"),
    errno.EADDRNOTAVAIL: N_("this computer has no such address"),
    errno.EBADF: N_("it is not open for reading"),
    errno.ECONNREFUSED: N_("the connection was refused"),
    errno.ECONNRESET: N_("the connection was reset"),
    errno.EEXIST: N_("it exists already"),
    errno.EFBIG: N_("it is too large"),
    errno.EHOSTUNREACH: _NO_ROUTE,
    errno.EIO: _INPUT_OUTPUT,
    errno.EISDIR: N_("it is a folder"),
    errno.ELOOP: N_("its path has too many symbolic links"),
    errno.EMFILE: _TOO_MANY,
    errno.ENAMETOOLONG: N_("its name is too long"),
    errno.ENETUNREACH: _NO_ROUTE,
    errno.ENFILE: _TOO_MANY,
    errno.ENOENT: N_("there is no such file or folder"),
    errno.ENOMEM: N_("there is not enough memory"),
    errno.ENOSPC: _FULL,
    errno.ENOTDIR: N_("a part of its path is not a folder"),
    errno.EPERM: _DENIED,
    errno.EROFS: N_("the file system is read-only"),
    errno.ETIMEDOUT: N_("it does not answer"),
}
_OF_SQLITE = {
    5: N_("another program has locked it"),
    8: N_("it is read-only"),
    10: _INPUT_OUTPUT,
    11: N_("it is damaged"),
    13: _FULL,
    14: N_("it cannot be opened"),
    26: N_("it is not an SQLite database"),
}
"""The primary result codes that a file brings about (sqlite.org/rescode.html)."""
_PRIMARY = 0xFF
"""What of a result code of SQLite is the primary one."""


def reason_of(error: Exception) -> str:
    """Why something was refused: words of ours, or else the system's or the error's own.

    Args:
        error: of a file, a process, a connection or SQLite; TLS and the look-up of host names
            number their errors in other ways.
    """
    code = getattr(error, "sqlite_errorcode", None)
    known = None if code is None else _OF_SQLITE.get(code & _PRIMARY)
    if isinstance(error, OSError):
        known = _OF_THE_SYSTEM.get(error.errno or 0)
        if known is None and error.strerror:
            return _('the system says "{text}"').format(text=error.strerror)
    return known or str(error) or type(error).__name__
