"""Who may write to a file: what a new one takes over from the one before, and who may swap it."""

from __future__ import annotations

import errno
import os
import stat
from contextlib import suppress
from pathlib import Path

from lockwright.i18n import _
from lockwright.records import dataclass

OWNER_ONLY, READABLE = 0o600, 0o644
"""What a file is for: its owner only; everybody to read, whatever the umask takes away."""
_FOR_A_GROUP = 0o660
_GROUP_S_FOLDER = stat.S_ISGID | stat.S_IWGRP
_OF_A_FILE = 0o666
_OTHERS = stat.S_IRWXO
_THREE_BITS = 3
_ACL = "system.posix_acl_access"
"""The extended attribute in which Linux keeps a list of further users and groups (acl(5))."""
_NO_ACL = {errno.ENODATA, errno.ENOTSUP}


@dataclass(frozen=True, slots=True)
class Rights:
    """The rights of a file that is made."""

    mode: int
    """Permission bits."""
    uid: int | None = None
    """Its owner; None for who makes it."""
    gid: int | None = None
    """Its group; None for the one that the system gives it."""
    acl: bytes | None = None
    """Its access control list; empty for none, None for what the folder hands on."""

    def give(self, fd: int, file: Path) -> None:
        """Give them to a file that was made for its owner only; owner and group come first.

        Where there is a list, the bits of the group are what the list allows at most, and its own
        rights stand in the list: so the list is given whole, with the bits that it has.

        Only root can give a file away: for anybody else it is theirs from now on.

        Args:
            fd: the file, open.
            file: its path, for a system that changes no open file.

        Raises:
            OSError: it cannot have them.
        """
        if hasattr(os, "fchown"):
            self._give_owner(fd)
        if self.acl == b"":
            _drop_acl(fd)
        if self.acl:
            _give_acl(fd, self.acl)
        elif self.mode != OWNER_ONLY:
            os.chmod(  # noqa: PTH101  # the open file, whatever has its name by now
                fd if os.chmod in os.supports_fd else file, self.mode
            )

    def _give_owner(self, fd: int) -> None:
        now = os.fstat(fd)
        if self.gid not in {None, now.st_gid}:
            try:
                os.fchown(fd, -1, self.gid or 0)
            except OSError:
                # Another group must neither be let in nor this one be shut out unnoticed.
                if self.mode >> _THREE_BITS & _OTHERS != self.mode & _OTHERS:
                    raise OSError(_("its group cannot be kept")) from None
        if self.uid not in {None, now.st_uid}:
            with suppress(OSError):
                os.fchown(fd, self.uid or 0, -1)


def _acl_of(file: Path) -> bytes:
    """A file's access control list; empty where it has none, or the system knows of none."""
    if not hasattr(os, "getxattr"):
        return b""
    try:
        return os.getxattr(file, _ACL)
    except OSError as error:
        if error.errno in _NO_ACL:
            return b""
        raise


def _give_acl(fd: int, acl: bytes) -> None:
    try:
        os.setxattr(fd, _ACL, acl)
    except OSError:
        # Without it those whom it names would be shut out, and its group perhaps be let in.
        raise OSError(_("its access control list cannot be kept")) from None


def _drop_acl(fd: int) -> None:
    """Take away what the folder's default list has given."""
    if hasattr(os, "removexattr"):
        try:
            os.removexattr(fd, _ACL)
        except OSError as error:
            if error.errno not in _NO_ACL:
                raise


def taken_over(file: Path, mode: int) -> Rights:
    """Owner, group, mode and access control list of a file that is replaced.

    Args:
        file: the file.
        mode: the mode of a file that is new, and of one that was open to more of the others.

    Raises:
        OSError: its list cannot be read.
    """
    try:
        there = file.stat()
    except OSError:
        return Rights(mode)
    kept = there.st_mode & _OF_A_FILE
    if kept & _OTHERS & ~mode:
        return Rights(mode, there.st_uid, there.st_gid, b"")
    return Rights(kept, there.st_uid, there.st_gid, _acl_of(file))


def like(file: Path) -> Rights:
    """What another file has, for one that is read and written beside it.

    Raises:
        OSError: there is none.
    """
    there = file.stat()
    return Rights(there.st_mode & _OF_A_FILE, there.st_uid, there.st_gid, _acl_of(file))


def in_folder(folder: Path) -> Rights:
    """What a file is made with that whoever may write to its folder shares.

    A folder that its group may write to, and that hands its group on (``chmod g+ws``), was made
    for a group; any other is its owner's.
    """
    shared = folder.stat().st_mode & _GROUP_S_FOLDER == _GROUP_S_FOLDER
    return Rights(_FOR_A_GROUP if shared else OWNER_ONLY)


def check_place(file: Path) -> None:
    """See that nobody but its owner and its group can put another file in a file's place.

    In a folder such as ``/tmp``, where the sticky bit keeps a file its owner's, what is already
    there must be the user's or the folder's owner's; so the Linux kernel follows links there.

    Raises:
        OSError: anybody can; or its folder cannot be looked at.
    """
    if os.name != "posix":
        return
    folder, me = file.parent.stat(), os.geteuid()
    if not folder.st_mode & stat.S_IWOTH:
        return
    if not folder.st_mode & stat.S_ISVTX or folder.st_uid not in {0, me}:
        raise OSError(_("anybody may write to its folder"))
    with suppress(FileNotFoundError):
        if file.lstat().st_uid not in {folder.st_uid, me}:
            raise OSError(_("it belongs to somebody else, in a folder that anybody may write to"))
