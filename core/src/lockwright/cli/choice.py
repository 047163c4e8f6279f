"""Several tokens fit, and a person is there: which one is meant, by its number."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from lockwright.cli import phrases
from lockwright.console.clean import clean
from lockwright.console.terminal import Terminal
from lockwright.i18n import _
from lockwright.models import Token

First = Callable[[Token], bool]
"""Says which tokens are named first, since they are most likely meant."""


def choose(terminal: Terminal, tokens: Sequence[Token], first: First) -> Token:
    """Have a person pick one; nothing is picked for them.

    Args:
        terminal: where the person is.
        tokens: those that fit.
        first: which of them are named first.

    Raises:
        Interrupted: the person ended it.
    """
    offered = sorted(tokens, key=lambda token: not first(token))
    terminal.say(_("Several tokens fit:"))
    for number, token in enumerate(offered, 1):
        terminal.say(f"  {number}. {_told(token)}")
    question = _("Which one is meant? Its number, 1 to {most}:").format(most=len(offered))
    while True:
        typed = terminal.line(question)
        if typed.isdecimal() and 1 <= int(typed) <= len(offered):
            return offered[int(typed) - 1]
        terminal.say(_("That is none of these numbers; Ctrl-C ends."))


def _told(token: Token) -> str:
    """Its names, its kind and place, and how its PIN is, since that may be why it is meant."""
    identity, pin = token.identity, token.state.user_pin
    label = clean(identity.label) or _("(no label)")
    names = _("{label}, serial number {serial}").format(label=label, serial=clean(token.serial))
    place = clean(f"{identity.model}, {identity.slot_description}")
    return f"{names} ({place}); " + _("user PIN: {state}").format(state=phrases.pin_state(pin))
