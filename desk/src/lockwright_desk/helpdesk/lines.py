"""What an operator writes, made one line that is safe to show and to send."""

from __future__ import annotations

import re

from lockwright.console.clean import clean
from lockwright.i18n import _, ngettext

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
        said = ngettext(
            "it has {count} character, but at most {most} are kept",
            "it has {count} characters, but at most {most} are kept",
            len(made),
        )
        reason = f"{name}: {said.format(count=len(made), most=_LONGEST)}"
        raise GroundsUnfit(reason=reason)
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
        raise GroundsUnfit(reason=f"{name}: {_('it is empty')}")
    if pattern is not None and not re.fullmatch(pattern, made):
        said = _("it is not written as the bank writes it ({pattern})")
        raise GroundsUnfit(reason=f"{name}: {said.format(pattern=pattern)}")
    return made
