"""The sources of a bundle: a commit of this repository, and nothing that is in none."""

from __future__ import annotations

import shutil
import tarfile
import tempfile
import tomllib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement

from bundling.failing import BundleError, run

REPOSITORY = Path(__file__).parents[2]
MEMBERS = ("core", "desk", "plugins", "window", "tests/kit", "requirements")
"""What a bundle is made of: the distributions, and what locks the rest."""


@dataclass(frozen=True)
class Sources:
    """A commit, laid out in a folder."""

    folder: Path
    commit: str
    committed: int
    """Its time, in seconds since 1970."""

    def lock(self, name: str) -> Path:
        """A file of requirements, each by version and hash."""
        return self.folder / "requirements" / f"{name}.txt"

    def members(self) -> dict[str, Path]:
        """The folder of each distribution, by its name."""
        files = sorted(
            {*self.folder.glob("*/pyproject.toml"), *self.folder.glob("*/*/pyproject.toml")}
        )
        return {self.project(file.parent)["name"]: file.parent for file in files}

    def refuse_unknown(self, asked: Iterable[str]) -> None:
        """Refuse what is asked for and is not here: pip would leave out an extra with a warning.

        Args:
            asked: the distributions, as requirements without a version.

        Raises:
            BundleError: there is no such distribution, or it has no such extra.
        """
        members = self.members()
        for each in map(Requirement, asked):
            if each.name not in members:
                there = ", ".join(sorted(members))
                raise BundleError(f"there is no {each.name}; there are {there}")
            offered = self.project(members[each.name]).get("optional-dependencies", {})
            for extra in sorted(each.extras - offered.keys()):
                there = f"there are {', '.join(sorted(offered))}" if offered else "it has none"
                raise BundleError(f"{each.name} has no extra {extra}; {there}")

    @staticmethod
    def project(member: Path) -> dict[str, Any]:
        """The table ``[project]`` of a distribution."""
        text = (member / "pyproject.toml").read_text(encoding="utf-8")
        found: dict[str, Any] = tomllib.loads(text)["project"]
        return found


@contextmanager
def checked_out(revision: str) -> Iterator[Sources]:
    """Lay out the sources of a commit in a folder of their own, for a while.

    Args:
        revision: as git names it.

    Raises:
        BundleError: there is no such commit, or this is no repository of git.
    """
    commit = _git("rev-parse", "--verify", f"{revision}^{{commit}}").strip()
    with tempfile.TemporaryDirectory(prefix="lockwright-bundle-") as name:
        folder = Path(name)
        archive = folder / "sources.tar"
        _git("archive", f"--output={archive}", commit, "--", *MEMBERS)
        with tarfile.open(archive) as packed:
            packed.extractall(folder, filter="data")
        archive.unlink()
        yield Sources(folder, commit, _time(commit))


@contextmanager
def as_they_lie() -> Iterator[Sources]:
    """Lay out the files that git knows as they are now, for a while: to test, not to give away.

    Raises:
        BundleError: this is no repository of git.
    """
    commit = _git("rev-parse", "HEAD").strip()
    with tempfile.TemporaryDirectory(prefix="lockwright-bundle-") as name:
        for file in _git("ls-files", "-z", "--", *MEMBERS).split("\0"):
            if file and (REPOSITORY / file).exists():
                copy = Path(name) / file
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(REPOSITORY / file, copy)
        yield Sources(Path(name), commit, _time(commit))


def changed() -> list[str]:
    """Files that differ from the last commit, as git names them."""
    return _git("status", "--porcelain", "--", *MEMBERS, "tools").splitlines()


def _time(commit: str) -> int:
    return int(_git("show", "--no-patch", "--format=%ct", commit))


def _git(*arguments: str) -> str:
    command: list[str | Path] = ["git", "-C", REPOSITORY, *arguments]
    try:
        return run(command, doing=f"asking git: {' '.join(arguments[:2])}")
    except FileNotFoundError:
        raise BundleError("git is not installed; a bundle is made of a commit") from None
