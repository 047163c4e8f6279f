"""The Python that a bundle is made with and for, and the tools in an environment of its own."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from bundling.failing import BundleError, run
from bundling.sources import Sources

OLDEST = 11
"""Of Python 3."""
_ASK = """
import json, os, platform, sys, sysconfig
print(json.dumps({
    "implementation": sys.implementation.name,
    "python": "%d.%d" % sys.version_info[:2],
    "platform": sysconfig.get_platform(),
    "environment": {
        "implementation_name": sys.implementation.name,
        "os_name": os.name,
        "platform_machine": platform.machine(),
        "platform_python_implementation": platform.python_implementation(),
        "platform_system": platform.system(),
        "python_full_version": "%d.%d.0" % sys.version_info[:2],
        "python_version": "%d.%d" % sys.version_info[:2],
        "sys_platform": sys.platform,
    },
}))
"""


@dataclass(frozen=True)
class Python:
    """A Python with the locked tools: pip, hatchling, cyclonedx-py."""

    program: Path
    python: str
    """Such as ``3.11``."""
    platform: str
    """Such as ``linux-x86_64``."""
    environment: dict[str, str]
    """What markers of dependencies are judged by (PEP 508)."""


def prepare(python: str, sources: Sources, into: Path) -> Python:
    """Make an environment with the locked tools, or take the one that is there.

    Args:
        python: a program, by name or path.
        sources: what locks the tools.
        into: the folder for environments.

    Raises:
        BundleError: it is no CPython 3.11 or newer, or the tools cannot be installed.
    """
    try:
        told = json.loads(run((python, "-I", "-c", _ASK), doing=f"asking {python} what it is"))
    except FileNotFoundError:
        raise BundleError(f"there is no {python}; name another in PYTHON") from None
    version = told["python"]
    if told["implementation"] != "cpython" or int(version.split(".")[1]) < OLDEST:
        raise BundleError(
            f"{python} is {told['implementation']} {version}, not CPython 3.11 or newer"
        )
    folder = into / f"python{version}"
    stamp = folder / "locked"
    requirements = sources.lock("bundle")
    locked = hashlib.sha256(requirements.read_bytes()).hexdigest()
    program = folder / "bin" / "python"
    if not (program.exists() and stamp.exists() and stamp.read_text() == locked):
        run((python, "-m", "venv", "--clear", folder), doing=f"making an environment of {python}")
        install = ("-m", "pip", "install", "--quiet", "--require-hashes", "--requirement")
        run((program, *install, requirements), doing="installing the locked tools")
        stamp.write_text(locked)
    return Python(program, version, told["platform"], told["environment"])
