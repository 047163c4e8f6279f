"""What an operator writes, made one line that is safe to show and to send."""

from __future__ import annotations

import re

from lockwright.console.clean import clean
from lockwright.i18n import _

from lockwright_desk.helpdesk.refusals import GroundsUnfit

_LONGEST = 300


def line(text: str, name: str) -> str:
    """A line.

    Args:
        text: what was typed; white space around it and within it counts as one blank.
        name: what it is called, in the language in use.

    Raises:
        GroundsUnfit: it is too long.
    """
    made = clean(" ".join(text.split()))
    if len(made) > _LONGEST:
        said = _("{name} has {count} characters, and at most {most} fit")
        raise GroundsUnfit(reason=said.format(name=name, count=len(made), most=_LONGEST))
    return made


def needed(text: str, name: str, pattern: str | None = None) -> str:
    """A line that is not empty.

    Args:
        text: what was typed.
        name: what it is called, in the language in use.
        pattern: regular expression of the whole of it; None for any.

    Raises:
        GroundsUnfit: it is empty, too long, or is written otherwise.
    """
    made = line(text, name)
    if not made:
        raise GroundsUnfit(reason=_("{name} is missing").format(name=name))
    if pattern is not None and not re.fullmatch(pattern, made):
        said = _("{name} is not written as the bank writes it ({pattern})")
        raise GroundsUnfit(reason=said.format(name=name, pattern=pattern))
    return made
