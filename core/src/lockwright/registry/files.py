"""The files of a distribution, each as RECORD names it, under one digest.

RECORD lists what an installer wrote, each file by its hash. What is pinned is a digest over that
list without what differs from one installation to the next: what the installer says of itself, and
programs outside of the library. ``__pycache__`` is in no RECORD, and is not looked at.
"""

from __future__ import annotations

import base64
import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping
from importlib.machinery import all_suffixes
from pathlib import Path, PurePosixPath

from lockwright.errors import reason_of
from lockwright.i18n import _
from lockwright.registry.imported import file_of, module_of
from lockwright.registry.point import Point

_PREFIX = "sha256:"
_HASHES = {"sha256", "sha384", "sha512"}
_OF_THE_INSTALLER = {"INSTALLER", "REQUESTED", "direct_url.json", "uv_cache.json", "uv_build.json"}
_CACHE = "__pycache__"


class FilesDiffer(Exception):
    """The files are not those of RECORD, or not those that were pinned; the text says which."""


def check(point: Point, digest: str) -> None:
    """See that a plugin's distribution has the files that were pinned, and no others.

    Args:
        point: the plugin's entry point.
        digest: what ``digest_of`` told of them.

    Raises:
        FilesDiffer: it has not.
    """
    if digest_of(point) != digest:
        raise FilesDiffer(_("the files of its distribution are not those that were pinned"))


def digest_of(point: Point) -> str:
    """The digest of the files of a plugin's distribution, once each was compared with RECORD.

    Args:
        point: the plugin's entry point.

    Raises:
        FilesDiffer: a file is not as RECORD says, or is in none; another would be imported in its
            place; or the plugin's own code is not among them, as where it is installed to be
            edited.
    """
    root, listed = _listed(point)
    if not any(_is_of(point.module, file) for file in listed):
        raise FilesDiffer(_("its code is not among the files that RECORD names"))
    for file, (kind, value) in listed.items():
        if _hashed(root / file, kind) != value:
            raise FilesDiffer(_("{file} is not as RECORD says").format(file=file))
    for stray in _strays(root, listed):
        raise FilesDiffer(_("{file} is not in RECORD").format(file=stray))
    for file, foreign in _hidden(root, listed):
        told = _("{other} would be imported in place of {file}")
        raise FilesDiffer(told.format(other=foreign, file=file))
    lines = sorted(f"{file} {kind}={value}\n" for file, (kind, value) in listed.items())
    return _PREFIX + hashlib.sha256("".join(lines).encode()).hexdigest()


def _listed(point: Point) -> tuple[Path, Mapping[PurePosixPath, tuple[str, str]]]:
    """Where a distribution is, and its files with the kind and the value of their hash."""
    listed = point.dist and point.dist.files
    if not point.dist or not listed:
        raise FilesDiffer(_("its distribution has no RECORD of its files"))
    root = Path(str(point.dist.locate_file("")))
    hashes: dict[PurePosixPath, tuple[str, str]] = {}
    for file in listed:
        if file.hash is None or ".." in file.parts or file.name in _OF_THE_INSTALLER:
            continue
        if file.is_absolute() or file.hash.mode not in _HASHES:
            raise FilesDiffer(_("{file} is not as RECORD says").format(file=file))
        hashes[PurePosixPath(file)] = (file.hash.mode, file.hash.value)
    return root, hashes


def _hashed(file: Path, kind: str) -> str:
    try:
        digest = hashlib.new(kind, file.read_bytes(), usedforsecurity=True).digest()
    except OSError as error:
        raise FilesDiffer(f"{file.name}: {reason_of(error)}") from error
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _is_of(module: str, file: PurePosixPath) -> bool:
    """Whether a file is the one that a module is imported from."""
    own = PurePosixPath(*module.split("."))
    return any(
        file in {own.with_name(own.name + suffix), own / f"__init__{suffix}"}
        for suffix in all_suffixes()
    )


def _hidden(
    root: Path, listed: Iterable[PurePosixPath]
) -> Iterator[tuple[PurePosixPath, Path | None]]:
    """Listed files that would not be imported, since another of that name is found before."""
    own = {os.path.realpath(root / file) for file in listed}
    for file in listed:
        module = module_of(file)
        found = file_of(module) if module else None
        if module and (found is None or os.path.realpath(found) not in own):
            yield file, found


def _strays(root: Path, listed: Mapping[PurePosixPath, object]) -> Iterator[PurePosixPath]:
    """What could be imported in place of a listed file, and is not listed itself."""
    for folder in {file.parent for file in listed} - {PurePosixPath()}:
        for path in sorted((root / folder).iterdir()):
            file = folder / path.name
            if path.is_dir():
                packages = (file / f"__init__{suffix}" for suffix in all_suffixes())
                inside = path.name != _CACHE and any((root / each).exists() for each in packages)
                if inside and not any(each.is_relative_to(file) for each in listed):
                    yield file
            elif path.name.endswith(tuple(all_suffixes())) and file not in listed:
                yield file
