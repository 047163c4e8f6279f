"""Whole numbers on a command line, and what is said where something else stands in their place."""

from __future__ import annotations

from typing import Never

import click

from lockwright.i18n import _


class WholeNumber(click.ParamType):  # type: ignore[type-arg]  # not generic in every click there is
    """A whole number; click's own types name themselves, and their range, in English.

    Args:
        least: the lowest that is accepted; None for any.
        most: the highest that is accepted, where there is a lowest; None for any.
    """

    name = "number"

    def __init__(self, least: int | None = None, most: int | None = None) -> None:
        self._least = least
        self._most = most

    def convert(
        self, value: str | int, param: click.Parameter | None, ctx: click.Context | None
    ) -> int:
        """The number that stands there."""
        try:
            number = int(value)
        except ValueError:
            self._refuse(param, ctx)
        if self._least is not None and number < self._least:
            self._refuse(param, ctx)
        if self._most is not None and number > self._most:
            self._refuse(param, ctx)
        return number

    def _refuse(self, param: click.Parameter | None, ctx: click.Context | None) -> Never:
        """Say what is expected, and not what was given: it may be a PIN."""
        if self._least is None:
            expected = _("it must be a whole number")
        elif self._most is None:
            expected = _("it must be a whole number, {least} or more")
        else:
            expected = _("it must be a whole number from {least} to {most}")
        self.fail(f"{expected.format(least=self._least, most=self._most)}.", param, ctx)
