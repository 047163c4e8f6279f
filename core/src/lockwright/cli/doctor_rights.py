"""Who else may change what decides, or records, what lockwright does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from lockwright.console.finding import Check, Status
from lockwright.files.exposure import Exposure, exposures
from lockwright.files.real import real
from lockwright.i18n import _


def of_what_decides(area: str, files: Iterable[Path]) -> Iterator[Check]:
    """Warn of each file or folder that a group or another user may write to.

    Where just anybody may, the file is not used at all, which is told where it is looked at.

    Args:
        area: what the files are.
        files: modules, or the configuration.
    """
    seen = {found.path: found for file in files for found in exposures(file)}
    return (_warning(area, found) for found in seen.values() if not found.anybody)


def of_what_records(area: str, file: Path) -> Iterator[Check]:
    """Warn of the folders above an audit trail or a ledger; a group may share it and its folder.

    Args:
        area: which of them.
        file: the file.
    """
    shared = {file.absolute(), file.absolute().parent, real(file), real(file).parent}
    return (
        _warning(area, found)
        for found in exposures(file)
        if not found.anybody and found.path not in shared
    )


def _warning(area: str, found: Exposure) -> Check:
    said = _("Others than root and you may change {path} (owner {owner}, mode {mode}).")
    advice = _("Whoever may write there decides what is done here. What ends that: {remedy}")
    return Check(
        area,
        Status.WARN,
        said.format(path=found.path, owner=found.owner, mode=found.mode),
        advice.format(remedy=found.remedy),
    )
