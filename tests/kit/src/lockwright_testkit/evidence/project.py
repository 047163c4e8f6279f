"""An adapter's project, as its ``pyproject.toml`` has it."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

from packaging.utils import canonicalize_name, canonicalize_version

GROUP = "lockwright"
"""The entry points of adapters."""


class NoProject(Exception):
    """A folder has no project that can be read."""


@dataclass(frozen=True)
class Project:
    """What of a project a report is held against."""

    name: str
    """Of the distribution, as the index of packages writes it."""
    version: str
    adapters: frozenset[str]
    """Names of its entry points."""

    @property
    def origin(self) -> str:
        """Distribution and version, in one text."""
        return f"{self.name} {self.version}"


def project_in(folder: Path) -> Project:
    """Read a project.

    Args:
        folder: the folder with its ``pyproject.toml``.

    Raises:
        NoProject: there is none, or it does not say its name, version and adapters.
    """
    try:
        told = tomllib.loads((folder / "pyproject.toml").read_text("utf-8"))["project"]
        adapters = frozenset(told["entry-points"][GROUP])
        return Project(canonicalize_name(told["name"]), str(told["version"]), adapters)
    except OSError as error:
        raise NoProject(f"pyproject.toml: {error.strerror}") from None
    except KeyError as error:
        raise NoProject(f"its pyproject.toml has no {error.args[0]}") from None
    except (ValueError, TypeError, AttributeError, RecursionError):
        raise NoProject("its pyproject.toml cannot be read") from None


def named(origin: str) -> tuple[str, str]:
    """Name, as an index writes it, and version of a distribution that is told in one text.

    Args:
        origin: as ``Project.origin`` has it.
    """
    name, _, version = origin.partition(" ")
    return canonicalize_name(name), version


def same_version(one: str, other: str) -> bool:
    """Whether two texts say one version: what was built writes 1.0-rc1 as 1.0rc1 (PEP 440)."""
    return canonicalize_version(one) == canonicalize_version(other)
