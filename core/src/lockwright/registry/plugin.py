"""A plugin as the registry found it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from enum import StrEnum

from lockwright.contract.adapter_class import Answer
from lockwright.records import dataclass
from lockwright.registry.point import Point


class PluginStatus(StrEnum):
    """What became of a plugin."""

    LOADED = "loaded"
    """It works."""
    NOT_ALLOWED = "not-allowed"
    """It is installed but not on the allow-list, so none of its code was run."""
    BROKEN = "broken"
    """It does not import, or does not keep the contract."""
    NOT_INSTALLED = "not-installed"
    """It is on the allow-list but not installed."""


class HeldTo(StrEnum):
    """What of a plugin the configuration holds it to."""

    NOTHING = "nothing"
    """There is no allow-list: whatever is installed may run."""
    NAME = "name"
    """Any distribution that takes its name may run."""
    DISTRIBUTION = "distribution"
    """The distribution that brings it, in any version."""
    VERSION = "version"
    """The distribution and its version."""
    FILES = "files"
    """The distribution's files, each as it was when it was pinned."""


@dataclass(frozen=True, slots=True)
class Plugin:
    """An adapter, a CA client or a wrapper, as the registry found it."""

    name: str
    """Name of its entry point: an adapter's table in the configuration, a CA client's kind."""
    status: PluginStatus
    """What became of it."""
    problem: str = ""
    """Why it is not loaded; empty if it is."""
    value: str = ""
    """What the entry point names, such as ``lockwright_softhsm:adapter``."""
    distribution: str = ""
    """Distribution that brought it; empty if unknown."""
    version: str = ""
    """Version of that distribution; empty if unknown."""
    held_to: HeldTo = HeldTo.NOTHING
    """What the configuration holds it to."""
    adapter: bool = False
    """Whether it is an adapter."""
    client: bool = False
    """Whether it is a CA client; what is neither wraps the operations of others."""
    hooks: tuple[str, ...] = ()
    """The hooks it implements or wraps."""
    answers: Mapping[str, Answer] = field(default_factory=dict, hash=False)
    """Of an adapter: how it answers each hook, by its name without ``lockwright_``."""

    @property
    def origin(self) -> str:
        """Distribution and version, in one text; empty if unknown."""
        return f"{self.distribution} {self.version}".strip()


@dataclass(frozen=True, slots=True)
class Wrapper:
    """A loaded plugin that wraps operations."""

    name: str
    """Name of its entry point."""
    code: object
    """What has its hooks."""


def record(
    point: Point, status: PluginStatus, problem: str = "", held_to: HeldTo = HeldTo.NOTHING
) -> Plugin:
    """What is known of a plugin before any of its code is run.

    Args:
        point: its entry point.
        status: what became of it.
        problem: why it is not loaded; empty if it is.
        held_to: what the configuration holds it to.
    """
    distribution, version = origin(point)
    return Plugin(
        name=point.name,
        value="".join(point.value.partition("[")[0].split()),
        distribution=distribution,
        version=version,
        status=status,
        problem=problem,
        held_to=held_to,
    )


def origin(point: Point) -> tuple[str, str]:
    """Distribution and version; empty where its metadata, which anybody wrote, tells none."""
    try:
        told = (point.dist.name, point.dist.version) if point.dist else ("", "")
    except Exception:  # noqa: BLE001  # of a damaged file anything may come
        return "", ""
    name, version = told
    return name or "", version or ""
