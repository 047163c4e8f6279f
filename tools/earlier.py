"""An earlier revision of this project, built once in ``build/earlier`` to be measured beside."""

from __future__ import annotations

import io
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
_BUILDS = ROOT / "build" / "earlier"
_DIGITS = 12


def built(revision: str) -> Path:
    """The sources of a revision, with a ``.venv`` of their own.

    They are taken out of git once, and set up by their own ``tools/setup.sh``, so with the
    requirements that they were locked to.

    Args:
        revision: as git names it.

    Returns:
        Its folder.

    Raises:
        SystemExit: git does not know it; it says so.
        subprocess.CalledProcessError: it cannot be set up.
    """
    commit = _commit(revision)
    place = _BUILDS / commit[:_DIGITS]
    if not place.exists():
        _take_out(commit, place)
    subprocess.run([place / "tools" / "setup.sh"], check=True, stdout=sys.stderr)  # noqa: S603  # its own
    return place


def _commit(revision: str) -> str:
    try:
        return _git("rev-parse", "--verify", f"{revision}^{{commit}}").decode().strip()
    except subprocess.CalledProcessError:
        raise SystemExit(
            f"git knows no revision {revision} here: fetch it, or name another"
        ) from None


def _take_out(commit: str, place: Path) -> None:
    """Write the files of a commit; whoever ends in the middle leaves no folder of that name."""
    _BUILDS.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=_BUILDS) as folder:
        files = Path(folder, "files")
        with tarfile.open(fileobj=io.BytesIO(_git("archive", commit))) as archive:
            archive.extractall(files, filter="data")
        files.rename(place)


def _git(*arguments: str) -> bytes:
    command = ["git", *arguments]
    return subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.PIPE).stdout  # noqa: S603  # the usual git
