"""All that an adapter imports: the hook marker and the names of the contract.

An adapter is a Python module with one entry point in the group ``lockwright`` and functions marked
``@hookimpl`` that carry the names of :mod:`lockwright.hookspecs`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pluggy

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Protocol, TypeVar, overload

    F = TypeVar("F", bound=Callable[..., object])

    class _Marker(Protocol):
        """pluggy's marker, with its types."""

        @overload
        def __call__(self, function: F) -> F: ...
        @overload
        def __call__(
            self,
            function: None = None,
            *,
            wrapper: bool = False,
            tryfirst: bool = False,
            trylast: bool = False,
        ) -> Callable[[F], F]: ...


PROJECT = "lockwright"
"""Name of the pluggy project and of the entry point group."""

hookimpl: _Marker = pluggy.HookimplMarker(PROJECT)
"""Marks a function as the implementation, or with ``wrapper=True`` a wrapper, of a hook."""

Setting = str | int | bool | list[str]
Settings = Mapping[str, Setting]
"""An adapter's own table of the configuration file: ``[adapters.<name>]``."""

__all__ = ["PROJECT", "Setting", "Settings", "hookimpl"]
