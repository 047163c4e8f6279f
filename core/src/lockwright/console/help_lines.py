"""Lines of the help, broken between words: never at the hyphen of an option or of a PIN-код."""

from __future__ import annotations

from collections.abc import Iterable

import click

_HYPHEN = "\ue001"
"""Stands for a hyphen while click breaks lines."""


class _Formatter(click.HelpFormatter):
    """click's, which breaks lines at hyphens, too."""

    def write_text(self, text: str) -> None:
        """Write a text, broken to the width."""
        super().write_text(_held(text))

    def write_dl(
        self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2
    ) -> None:
        """Write names, and beside each what it is."""
        super().write_dl([(name, _held(what)) for name, what in rows], col_max, col_spacing)

    def getvalue(self) -> str:
        """All that was written."""
        return super().getvalue().replace(_HYPHEN, "-")


class HelpContext(click.Context):
    """A command being read, whose help has such lines."""

    formatter_class = _Formatter


def _held(text: str) -> str:
    return text.replace("-", _HYPHEN)
