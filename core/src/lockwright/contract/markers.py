"""The markers by which plugins and the core know a hook."""

from __future__ import annotations

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
PREFIX = "lockwright_"
"""What the name of every hook begins with."""

hookimpl: _Marker = pluggy.HookimplMarker(PROJECT)
"""Marks a function as the implementation, or with ``wrapper=True`` a wrapper, of a hook."""
