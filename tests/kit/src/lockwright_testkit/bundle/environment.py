"""The environment of a bundle: what the markers of dependencies are judged by (PEP 508)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from packaging.requirements import Requirement

from lockwright_testkit.bundle.finding import Finding
from lockwright_testkit.bundle.manifest import FILE, Manifest

_SYSTEMS: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "Linux": ("posix", "linux", ("manylinux", "musllinux", "linux")),
    "Darwin": ("posix", "darwin", ("macosx",)),
    "Windows": ("nt", "win32", ("win",)),
}
"""``os_name``, ``sys_platform`` and the beginning of platform tags, by ``platform_system``."""
_ON_WINDOWS = {"amd64": ("win_amd64", "win32"), "arm64": ("win_arm64",), "x86": ("win32",)}
_CPYTHON = {"implementation_name": "cpython", "platform_python_implementation": "CPython"}
_NAMED = ("platform_machine", "platform_system", "os_name", "sys_platform", "python_full_version")
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_VARIABLE = re.compile(r"[a-z_]+")
_NO_VARIABLES = {"and", "or", "in", "not", "extra"}


def check(manifest: Manifest) -> Iterator[Finding]:
    """Whether the environment is whole, and one that there is: that of a CPython on one system."""
    told = manifest.environment
    if told.get("python_version") != manifest.python or not told.get(
        "python_full_version", f"{manifest.python}."
    ).startswith(f"{manifest.python}."):
        yield Finding(FILE, f"has no environment of Python {manifest.python}")
    for missing in [name for name in (*_NAMED, *_CPYTHON) if name not in told]:
        yield Finding(FILE, f"does not say {missing}, by which markers are judged")
    for name, value in _CPYTHON.items():
        if told.get(name, value) != value:
            yield Finding(FILE, f"says {name} {told[name]}; its wheels are judged for {value}")
    system = told.get("platform_system")
    if system is None:
        return
    if system not in _SYSTEMS:
        yield Finding(FILE, f"says platform_system {system}, which is not known here")
        return
    os_name, sys_platform, _tags = _SYSTEMS[system]
    for name, value in (("os_name", os_name), ("sys_platform", sys_platform)):
        if told.get(name, value) != value:
            yield Finding(FILE, f"says {name} {told[name]}; on {system} it is {value}")


def on_its_machine(tags: Iterable[str], told: Mapping[str, str]) -> bool:
    """Whether one of these platform tags is for the system and machine of an environment.

    Args:
        tags: such as ``manylinux_2_34_x86_64``.
        told: the environment; what it does not say, or what is not known here, is not judged.
    """
    system, machine = told.get("platform_system"), told.get("platform_machine")
    if system not in _SYSTEMS or machine is None:
        return True
    fitting = [tag for tag in tags if tag.startswith(_SYSTEMS[system][2])]
    if system == "Windows":
        windows = _ON_WINDOWS.get(machine.lower(), tuple(fitting))
        return any(tag in windows for tag in fitting)
    ends = (f"_{machine}", "_universal2") if system == "Darwin" else (f"_{machine}",)
    return any(tag.endswith(ends) for tag in fitting)


def untold(need: Requirement, told: Mapping[str, str]) -> list[str]:
    """What a dependency's marker asks for that an environment does not say.

    The computer at hand would be asked instead, which is another one.
    """
    if need.marker is None:
        return []
    names = set(_VARIABLE.findall(_QUOTED.sub("", str(need.marker))))
    return sorted(names - _NO_VARIABLES - told.keys())
