"""PINs that are given in a file or through an open file descriptor."""

from __future__ import annotations

import errno
import os
import stat
from io import FileIO

from lockwright.errors import SecretFileExposed, SecretFileMissing, reason_of
from lockwright.i18n import _
from lockwright.secret import Secret

_LONGEST = 4096
_HIGHEST = 2**31 - 1
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def from_file(file: str) -> Secret:
    """The secret that a file holds, alone and on one line.

    The file is judged by the very descriptor it is read through, so nobody can swap it in between.

    Raises:
        SecretFileMissing: it cannot be read, or does not hold one line.
        SecretFileExposed: others can read it.
    """
    return _one_line(file, _content(file, _LONGEST))


def from_private(file: str, most: int) -> Secret:
    """All that a file holds, such as a list of keys.

    Args:
        file: the file.
        most: how many bytes it may have.

    Raises:
        SecretFileMissing: it cannot be read, is empty, or longer.
        SecretFileExposed: others can read it.
    """
    content = _content(file, most)
    secret = Secret(content)
    content[:] = bytes(len(content))
    if not secret:
        raise SecretFileMissing(file=file, reason=_("it is empty"))
    if len(secret) > most:
        secret.wipe()
        raise SecretFileMissing(
            file=file, reason=_("it has more than {most} bytes").format(most=most)
        )
    return secret


def from_descriptor(descriptor: int) -> Secret:
    """The next line of an open file descriptor; what follows it stays there for the next PIN.

    Raises:
        SecretFileMissing: nothing can be read from it, or the line is empty.
    """
    name = _("descriptor {number}").format(number=descriptor)
    if not 0 <= descriptor <= _HIGHEST:
        raise SecretFileMissing(file=name, reason=reason_of(OSError(errno.EBADF, "")))
    line = bytearray()
    byte = bytearray(1)
    try:
        while len(line) < _LONGEST and read_into(descriptor, byte) and byte != b"\n":
            line += byte
    except OSError as error:
        raise _unreadable(name, error) from None
    finally:
        byte[:] = b"\0"
    return _one_line(name, line)


def read_into(descriptor: int, buffer: bytearray) -> int:
    """Read once, straight into a buffer that can be wiped; the number of bytes read."""
    with FileIO(descriptor, closefd=False) as file:
        return file.readinto(buffer) or 0


def _check_private(file: str, status: os.stat_result) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise SecretFileMissing(file=file, reason=_("it is not a regular file"))
    if os.name != "posix":
        return
    mode = f"{stat.S_IMODE(status.st_mode):04o}"
    if status.st_uid != os.geteuid():
        mode = _("{mode}, owned by user {uid}").format(mode=mode, uid=status.st_uid)
        raise SecretFileExposed(file=file, mode=mode)
    if status.st_mode & _OTHERS:
        raise SecretFileExposed(file=file, mode=mode)


def _content(file: str, most: int) -> bytearray:
    """What a file holds, and one byte more than it may at most."""
    try:
        # Opening a pipe that nobody writes to must not wait.
        descriptor = os.open(file, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    except (OSError, ValueError) as error:
        raise _unreadable(file, error) from None
    try:
        status = os.fstat(descriptor)
        _check_private(file, status)
        # A file of /proc has no size, and one that grows has another by now.
        content = bytearray(max(min(status.st_size, most), min(most, _LONGEST)) + 1)
        size = read_into(descriptor, content)
        del content[size:]
    except OSError as error:
        raise _unreadable(file, error) from None
    finally:
        os.close(descriptor)
    return content


def _one_line(name: str, content: bytearray) -> Secret:
    """The content without the end of its line; it is wiped."""
    end = 2 if content.endswith(b"\r\n") else 1 if content.endswith((b"\n", b"\r")) else 0
    with memoryview(content)[: len(content) - end] as line:
        secret = Secret(bytearray(line))
    several = b"\n" in secret.buffer
    content[:] = bytes(len(content))
    if not secret:
        raise SecretFileMissing(file=name, reason=_("it is empty"))
    if several or len(secret) > _LONGEST:
        secret.wipe()
        raise SecretFileMissing(file=name, reason=_("it holds more than one line"))
    return secret


def _unreadable(name: str, error: Exception) -> SecretFileMissing:
    return SecretFileMissing(file=name, reason=reason_of(error))
