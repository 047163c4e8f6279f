"""How the configuration names a plugin: by its name, and by the distribution that brings it."""

from __future__ import annotations

import re
from typing import Self

from lockwright.records import dataclass

_DISTRIBUTION = re.compile(
    r"\s*([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)(?:\s*==\s*([A-Za-z0-9.!+_-]+))?\s*"
)


def canonical(distribution: str) -> str:
    """A distribution's name in the one spelling that indexes use (PEP 503)."""
    return re.sub(r"[-_.]+", "-", distribution).lower()


@dataclass(frozen=True, slots=True)
class PluginPin:
    """A plugin, as ``allow`` and ``require`` name it."""

    name: str
    """Name of its entry point."""
    distribution: str = ""
    """The distribution that brings it; empty for any."""
    version: str = ""
    """The version of that distribution, as its metadata has it; empty for any."""

    @classmethod
    def parse(cls, text: str) -> Self:
        """What ``NAME``, ``NAME @ DISTRIBUTION`` or ``NAME @ DISTRIBUTION==VERSION`` names.

        Args:
            text: the entry of the configuration.

        Raises:
            ValueError: it is none of them.
        """
        name, at, rest = text.partition("@")
        named = _DISTRIBUTION.fullmatch(rest) if at else None
        if not name.strip() or "=" in name or (at and named is None):
            raise ValueError(text)
        if named is None:
            return cls(name.strip())
        return cls(name.strip(), named[1], named[2] or "")

    def fits(self, distribution: str, version: str) -> bool:
        """Whether a plugin of this name is meant, by where it comes from."""
        if not self.distribution:
            return True
        same = canonical(self.distribution) == canonical(distribution)
        return same and self.version in {"", version}

    def __str__(self) -> str:
        if not self.distribution:
            return self.name
        version = f"=={self.version}" if self.version else ""
        return f"{self.name} @ {self.distribution}{version}"
