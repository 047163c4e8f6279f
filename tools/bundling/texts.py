"""``INSTALL.txt`` and ``INSTALL.ru.txt``: how the bundle at hand is checked and installed."""

from __future__ import annotations

from pathlib import Path
from string import Template

from lockwright_testkit.bundle import papers
from lockwright_testkit.bundle.manifest import Manifest
from packaging.requirements import Requirement

_PLATFORMS = {
    "INSTALL.txt": ("It needs glibc {} or newer (ldd --version shows yours).", ""),
    "INSTALL.ru.txt": ("Нужна glibc {} или новее (свою покажет ldd --version).", ""),
}
_DESK = "lockwright-desk"


def write(folder: Path, manifest: Manifest, platform: str) -> None:
    """Write the texts.

    Args:
        folder: the bundle.
        manifest: what it says of itself.
        platform: the system it is for, such as ``linux-x86_64``.
    """
    names = [Requirement(each).name for each in manifest.asked]
    only_desk = names == [_DESK]
    for file in papers.INSTALL:
        needs, none = _PLATFORMS[file]
        template = Template((Path(__file__).parent / file).read_text(encoding="utf-8"))
        text = template.substitute(
            version=manifest.version,
            rule="=" * 60,
            asked=", ".join(manifest.asked),
            python=manifest.python,
            systems=platform,
            platforms=none if manifest.glibc is None else needs.format(manifest.glibc),
            commit=manifest.commit,
            program=f"{_DESK} --help" if only_desk else "lockwright doctor",
            licences="\n".join(f"       {line}" for line in manifest.table()),
        )
        (folder / file).write_text(text, encoding="utf-8")
