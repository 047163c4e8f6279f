"""What lets an account use a file that is another's: mostly a group that it is not in."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from pathlib import Path

from lockwright.i18n import _


def remedy(path: Path) -> str:
    """What ends that this account may not use a file or a folder.

    Args:
        path: the file, or a folder; the first part of the way to it that is closed is meant.
    """
    import grp  # noqa: PLC0415  # there is none on Windows, where this is not asked
    import pwd  # noqa: PLC0415

    place = next((each for each in (*reversed(path.parents), path) if _is_closed(each)), path)
    try:
        status = place.stat()
    except OSError:
        return _("Let this account use it.")
    account, group = str(os.geteuid()), ""
    with suppress(KeyError):
        account = pwd.getpwuid(os.geteuid()).pw_name
    with suppress(KeyError):
        members = grp.getgrgid(status.st_gid)
        group = members.gr_name
        if account in members.gr_mem and status.st_gid not in os.getgroups():
            said = _(
                "{account} has come into the group {group} since it logged in: log out and in."
            )
            return said.format(account=account, group=group)
    if group and group != "root" and _lets_in(status) and status.st_gid not in os.getgroups():
        said = _(
            "It is for the group {group}: sudo usermod --append --groups {group} {account}; then"
            " log out and in."
        )
        return said.format(group=group, account=account)
    said = _("Let {account} use {path} (owner {owner}, group {group}, mode {mode}).")
    return said.format(
        account=account,
        path=place,
        owner=status.st_uid,
        group=group or status.st_gid,
        mode=f"{stat.S_IMODE(status.st_mode):04o}",
    )


def _is_closed(path: Path) -> bool:
    return not os.access(path, os.X_OK if path.is_dir() else os.R_OK)


def _lets_in(status: os.stat_result) -> bool:
    """Whether the group may use it as a whole."""
    wanted = stat.S_IRGRP | (stat.S_IXGRP if stat.S_ISDIR(status.st_mode) else 0)
    return status.st_mode & wanted == wanted
