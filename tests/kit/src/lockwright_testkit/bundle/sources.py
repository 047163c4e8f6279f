"""The wheels of a bundle beside the commit that they say they were built from, file by file."""

from __future__ import annotations

import hashlib
import os
import subprocess
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lockwright_testkit.bundle import archive
from lockwright_testkit.bundle.finding import Finding
from lockwright_testkit.bundle.manifest import FILE, Manifest, Wheel
from lockwright_testkit.bundle.origin import COMMIT

LONGEST = 60
"""Seconds for git; it needs a tenth."""
_NAMES_ANOTHER = frozenset({"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY"})
"""What git sets for its hooks, and takes before the folder that it is told."""
_SHA1 = 40
"""Digits of a commit in a repository whose hash is SHA-1."""


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit, as a repository has it."""

    time: int
    """Its time, in seconds since 1970."""
    blobs: dict[str, str]
    """The id of each file's content, by its path."""


class NoCommit(Exception):
    """It cannot be had; the text says why, as of the manifest."""


def check(folder: Path, manifest: Manifest, repository: Path) -> Iterator[Finding]:
    """Whether our wheels hold just what the commit has.

    What building makes itself, ``*.dist-info``, is judged elsewhere. What a wheel puts into other
    folders (``*.data``) must be a file of the commit, wherever that lies.

    Args:
        folder: the bundle.
        manifest: what it says of itself.
        repository: a clone of the repository that one trusts.
    """
    if not COMMIT.fullmatch(manifest.commit):
        return  # it is told as none, and git would take it for anything
    try:
        commit = _read(repository, manifest.commit)
    except NoCommit as error:
        yield Finding(FILE, str(error))
        return
    if commit.time != manifest.committed:
        yield Finding(FILE, f"says another time of its commit than {repository} does")
    for wheel in manifest.wheels:
        if wheel.ours:
            yield from _compared(folder, wheel, commit, len(manifest.commit) == _SHA1)


def _compared(folder: Path, wheel: Wheel, commit: Commit, sha1: bool) -> Iterator[Finding]:  # noqa: FBT001  # which hash
    known = set(commit.blobs.values())
    lies = {path.partition("/src/")[2]: path for path in commit.blobs if "/src/" in path}
    seen: set[str] = set()
    try:
        with zipfile.ZipFile(folder / wheel.file) as opened:
            for name in opened.namelist():
                top = name.split("/")[0]
                if top.endswith(".dist-info") or name.endswith("/"):
                    continue
                content = _blob(archive.read(opened, name), sha1=sha1)
                if top.endswith(".data"):
                    if content not in known:
                        yield Finding(wheel.file, f"has {name}, which the commit does not have")
                    continue
                seen.add(name)
                if name not in lies:
                    yield Finding(wheel.file, f"has {name}, which the commit does not have")
                elif commit.blobs[lies[name]] != content:
                    yield Finding(wheel.file, f"has another {name} than the commit")
    except archive.DAMAGED:  # told where wheels are judged
        return
    tops = {name.split("/")[0] for name in seen}
    for name in sorted(each for each in lies if each.split("/")[0] in tops and each not in seen):
        yield Finding(wheel.file, f"lacks {name}, which the commit has")


def _blob(content: bytes, *, sha1: bool) -> str:
    """The id that git gives a file's content."""
    hashing = hashlib.sha1 if sha1 else hashlib.sha256
    return hashing(b"blob %d\0" % len(content) + content).hexdigest()


def _read(repository: Path, commit: str) -> Commit:
    if _git(repository, "rev-parse", "--git-dir") is None:
        raise NoCommit(f"cannot be compared with sources: git reads no repository in {repository}")
    show = ("show", "--no-patch", "--no-show-signature", "--format=%ct")
    time = _git(repository, *show, f"{commit}^{{commit}}")
    listed = _git(repository, "ls-tree", "-r", "-z", "--full-tree", commit)
    if time is None or listed is None:
        raise NoCommit(f"says a commit that {repository} does not have")
    blobs = {}
    for line in filter(None, listed.split("\0")):
        about, _tab, path = line.partition("\t")
        blobs[path] = about.split()[2]
    return Commit(int(time), blobs)


def _git(repository: Path, *arguments: str) -> str | None:
    """What git says of this very repository, whichever the environment names; None: nothing."""
    command: list[str | Path] = ["git", "-C", repository, *arguments]
    env = {name: value for name, value in os.environ.items() if name not in _NAMES_ANOTHER}
    try:
        done = subprocess.run(
            command,
            check=False,
            capture_output=True,
            stdin=subprocess.DEVNULL,
            timeout=LONGEST,
            env=env,
        )
    except FileNotFoundError:
        raise NoCommit("cannot be compared with sources: git is not installed") from None
    except subprocess.TimeoutExpired:
        raise NoCommit(f"cannot be compared with sources: git took over {LONGEST} s") from None
    return None if done.returncode else done.stdout.decode(errors="surrogateescape")
