"""Several tokens, or several ways, fit, and a person is there: which is meant, by its number."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from lockwright.cli import phrases
from lockwright.console.clean import clean
from lockwright.console.terminal import Terminal
from lockwright.errors import SeveralTokens
from lockwright.i18n import _
from lockwright.models import Token, TokenIdentity
from lockwright.operations.detect import Detection
from lockwright.pkcs11.uri import naming

First = Callable[[Token], bool]
"""Says which tokens are named first, since they are most likely meant."""


def choose(
    terminal: Terminal, seen: Detection, error: SeveralTokens, first: First
) -> tuple[str, bool]:
    """Have a person pick one of the tokens that fit; nothing is picked for them.

    Args:
        terminal: where the person is.
        seen: what is connected.
        error: names those that fit.
        first: which of them are named first.

    Returns:
        The URI of the one that is meant, and whether it is a blank one.

    Raises:
        SeveralTokens: some were found by a module that only the command line names.
        Interrupted: the person ended it.
    """
    fits: dict[str, Token | TokenIdentity] = {seen.uri(token): token for token in seen.tokens}
    fits |= {naming(each, seen.blank): each for each in seen.blank}
    uris = error.facts["uris"]
    if not isinstance(uris, tuple) or not fits.keys() >= set(uris):
        raise error
    offered = sorted(uris, key=lambda uri: not _is_first(fits[uri], first))
    number = pick(terminal, _("Several tokens fit:"), [_told(fits[uri]) for uri in offered])
    return offered[number], isinstance(fits[offered[number]], TokenIdentity)


def pick(terminal: Terminal, what: str, offered: Sequence[str]) -> int:
    """Have a person pick one of several, by its number.

    Args:
        terminal: where the person is.
        what: a line before them.
        offered: a line for each.

    Returns:
        Which one, counted from 0.

    Raises:
        Interrupted: the person ended it.
    """
    terminal.say(what)
    for number, told in enumerate(offered, 1):
        terminal.say(f"  {number}. {told}")
    question = _("Which one is meant? Its number, 1 to {most}:").format(most=len(offered))
    while True:
        typed = terminal.line(question)
        if typed.isdecimal() and 1 <= int(typed) <= len(offered):
            return int(typed) - 1
        terminal.say(_("That is none of these numbers; Ctrl-C ends."))


def _is_first(found: Token | TokenIdentity, first: First) -> bool:
    return isinstance(found, Token) and first(found)


def _told(found: Token | TokenIdentity) -> str:
    """Its names, its kind and place, and how its PIN is, since that may be why it is meant."""
    if isinstance(found, TokenIdentity):
        return phrases.blank(found)
    identity, pin = found.identity, found.state.user_pin
    label = clean(identity.label) or _("(no label)")
    names = _("{label}, serial number {serial}").format(label=label, serial=clean(found.serial))
    place = clean(f"{identity.model}, {identity.slot_description}")
    return f"{names} ({place}); " + _("user PIN: {state}").format(state=phrases.pin_state(pin))
