"""``evidence.toml`` of an adapter's project, written as a whole or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from lockwright.errors import reason_of

from lockwright_testkit.cli.errors import FolderUnusable, NoEvidence
from lockwright_testkit.tiers import FILE, evidence_in

if TYPE_CHECKING:
    from lockwright_testkit.evidence.entry import Entry


def file_of(folder: Path) -> Path:
    """Where a project has it.

    Args:
        folder: the folder with its ``pyproject.toml``.

    Raises:
        NoEvidence: it has none.
    """
    place = evidence_in(folder.absolute())
    if place is None:
        raise NoEvidence(folder=str(folder.absolute()), reason=f"its package has no {FILE}")
    return place


def keep(place: Path, new: Entry, files: Mapping[Path, Path]) -> None:
    """Put a token into it, after the files that it names.

    Args:
        place: the file.
        new: the token.
        files: what is copied beside it, by where to.

    Raises:
        NoEvidence: it is none that a program can change.
        FolderUnusable: something cannot be read or written.
    """
    from lockwright.files import durable  # noqa: PLC0415  # slow to import

    from lockwright_testkit.evidence.entry import put  # noqa: PLC0415
    from lockwright_testkit.evidence.text import Odd  # noqa: PLC0415

    try:
        text = put(place.read_text("utf-8"), new).encode()
        for target, source in files.items():
            durable.replace(target, source.read_bytes(), mode=durable.READABLE)
        durable.replace(place, text, mode=durable.READABLE)
    except Odd as error:
        raise NoEvidence(folder=str(place.parent), reason=f"{place.name}: {error}") from None
    except UnicodeError:
        raise FolderUnusable(folder=str(place.parent), reason="it is no text") from None
    except OSError as error:
        raise FolderUnusable(folder=str(place.parent), reason=reason_of(error)) from None
