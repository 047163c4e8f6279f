"""A computer of an author's: an empty folder, nothing of this workspace, packages as wheels."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import distributions
from pathlib import Path

ROOT = Path(__file__).parents[3]
OURS = ("core", "tests/kit")
THEIRS = (
    "lockwright[python-pkcs11,pykcs11]",
    "lockwright-testkit",
    "mypy",
    "hatchling",
    "editables",
)
_PIP = (sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check")


def wheels(folder: Path) -> None:
    """Build our wheels into a folder, and fetch what they need beside them.

    The versions are those of this workspace, so pip's cache has most of them.

    Args:
        folder: an empty folder.
    """
    built = ("wheel", "--no-deps", "--no-build-isolation", f"--wheel-dir={folder}")
    subprocess.run([*_PIP, *built, *(str(ROOT / each) for each in OURS)], check=True)
    constraints = folder / "constraints.txt"
    constraints.write_text(
        "".join(
            f"{each.name}=={each.version}\n"
            for each in distributions()
            if not each.name.startswith("lockwright") and each.name not in {"pip", "setuptools"}
        )
    )
    fetched = (
        "download",
        f"--dest={folder}",
        f"--find-links={folder}",
        f"--constraint={constraints}",
    )
    subprocess.run([*_PIP, *fetched, *THEIRS], check=True)


def environment(home: Path, wheels: Path) -> dict[str, str]:
    """What the author's shells start with: no index, only those wheels; this Python as python3.

    Args:
        home: an empty folder.
        wheels: where the wheels are.
    """
    programs = home / "bin"
    programs.mkdir()
    python = programs / "python3"
    python.write_text(f'#!/bin/sh\nexec "{Path(sys.base_prefix, "bin", "python3")}" "$@"\n')
    python.chmod(0o755)
    return {
        "HOME": str(home),
        "PATH": f"{programs}:/usr/local/bin:/usr/bin:/bin",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PIP_FIND_LINKS": str(wheels),
        "PIP_NO_INDEX": "1",
        "LC_ALL": "C.UTF-8",
        "TERM": "dumb",
        "PS1": "READY-$?>",
    }
