"""A Python environment of the story's own, in which the bank's plugins are installed."""

from __future__ import annotations

import subprocess
import sys
import venv
from pathlib import Path

EXAMPLES = Path(__file__).parent.parent
_OFFLINE = ("--no-deps", "--no-index", "--no-build-isolation", "--disable-pip-version-check")


def made(folder: Path, *examples: str) -> Path:
    """Make an environment with lockwright as it is here, and packages of this folder beside it.

    Args:
        folder: where it is made.
        examples: folders of the packages.

    Returns:
        The folder with its programs.

    Raises:
        SystemExit: something cannot be installed.
    """
    venv.create(folder, symlinks=True)
    python, programs = folder / "bin" / "python", folder / "bin"
    (there,) = folder.glob("lib/python*/site-packages")
    here = next(path for path in sys.path if path.endswith("site-packages"))
    (there / "lockwright-here.pth").write_text(f"import site; site.addsitedir({here!r})\n")
    command = (sys.executable, "-m", "pip", "--python", python, "install", "--quiet", *_OFFLINE)
    done = subprocess.run(  # noqa: S603  # the story's own command
        [*command, *(EXAMPLES / name for name in examples)],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(done.stdout + done.stderr)
    program = programs / "lockwright"
    program.write_text(f"#!{python}\nfrom lockwright.cli.start import main\nmain()\n")
    program.chmod(0o755)
    return programs
