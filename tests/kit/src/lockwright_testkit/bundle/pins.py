"""``requirements.txt`` of a bundle: each wheel by version and hash, and nothing from elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from lockwright_testkit.bundle.finding import UNREADABLE, Finding, text, unreadable
from lockwright_testkit.bundle.manifest import Manifest, Wheel

FILE = "requirements.txt"
OPTIONS = ("--no-index", "--find-links ./wheels", "--only-binary :all:", "--require-hashes")
"""What keeps pip from the network, from building, and from a file without a hash."""

_PIN = re.compile(r"(?P<name>[a-z0-9-]+)==(?P<version>\S+) --hash=sha256:(?P<sum>[0-9a-f]{64})")


def write(folder: Path, wheels: Iterable[Wheel]) -> None:
    """Write ``requirements.txt``."""
    pins = (f"{each.name}=={each.version} --hash=sha256:{each.sha256}" for each in wheels)
    lines = "".join(f"{line}\n" for line in (*OPTIONS, *pins))
    (folder / FILE).write_text(lines, encoding="utf-8")


def check(folder: Path, manifest: Manifest) -> Iterator[Finding]:
    """Whether it has just these options, and pins just these wheels."""
    try:
        lines = text(folder, FILE).split("\n")
    except UNREADABLE as error:
        yield unreadable(FILE, error)
        return
    for missing in [option for option in OPTIONS if option not in lines]:
        yield Finding(FILE, f"lacks {missing}")
    pinned: dict[str, tuple[str, str]] = {}
    for line in lines:
        if line in OPTIONS or not line:
            continue
        if found := _PIN.fullmatch(line):
            if found["name"] in pinned:
                yield Finding(FILE, f"pins {found['name']} twice")
            pinned[found["name"]] = (found["version"], found["sum"])
        else:
            yield Finding(FILE, f"has a line that is no pin: {line}")
    wanted = {each.name: (each.version, each.sha256) for each in manifest.wheels}
    for name in sorted(wanted.keys() | pinned.keys()):
        if wanted.get(name) != pinned.get(name):
            yield Finding(FILE, _differs(name, wanted.get(name), pinned.get(name)))


def _differs(name: str, wanted: tuple[str, str] | None, pinned: tuple[str, str] | None) -> str:
    if pinned is None:
        return f"does not pin {name}"
    if wanted is None:
        return f"pins {name}, which is no wheel of the bundle"
    return f"pins {name} as {pinned[0]} {pinned[1]}; the bundle has {wanted[0]} {wanted[1]}"
