"""What in a new PIN was perhaps not meant, in people's words and without the PIN."""

from __future__ import annotations

from lockwright.i18n import _, ngettext
from lockwright.policy.doubts import Doubt, Doubtful


def doubt_text(doubtful: Doubtful) -> str:
    """One sentence on it."""
    letters, number = ", ".join(doubtful.letters), len(doubtful.letters)
    match doubtful.doubt:
        case Doubt.SPACE_FIRST:
            return _("It begins with a space.")
        case Doubt.SPACE_LAST:
            return _("It ends with a space.")
        case Doubt.CYRILLIC:
            return ngettext(
                "It has the Cyrillic letter {letters}, which looks like a Latin one or a digit.",
                "It has the Cyrillic letters {letters}, which look like Latin ones or digits.",
                number,
            ).format(letters=letters)
        case Doubt.LATIN:
            return ngettext(
                "It has the Latin letter {letters}, which looks like a Cyrillic one.",
                "It has the Latin letters {letters}, which look like Cyrillic ones.",
                number,
            ).format(letters=letters)
