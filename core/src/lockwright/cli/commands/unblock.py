"""``lockwright unblock``: a new user PIN in place of one that was lost."""

from __future__ import annotations

import click

from lockwright.cli import documents, phrases, remote
from lockwright.cli.invocation import Invocation
from lockwright.cli.pin_options import pin_options
from lockwright.cli.pins import Role
from lockwright.cli.program import command
from lockwright.console.clean import clean
from lockwright.console.framework import option
from lockwright.i18n import N_, _
from lockwright.models import PinState, Token, UnblockWay
from lockwright.operations.guard import require_writable
from lockwright.operations.pins import refuse_in_vain

HELP = N_(
    """Set a new user PIN in place of one that was lost, and unlock the token with it. Keys and
    certificates stay as they are.

    With the bank's help (challenge): the new PIN is asked for, the token shows a Request, you read
    it to the bank and enter the Response. Do not close the window in between. With --json each
    event is a line of JSON on stdout, and the Response is read as a line from stdin.

    Where the configuration names the bank's help desk ([desk]), the Request goes there by itself:
    you read out a short number and two words, and the Response comes into this window. If the desk
    is not reached, everything is read out as before.

    With the SO PIN or a PUK: that is asked for first, the new PIN twice after it. Lines of one
    descriptor are read in that order, too."""
)

_AT_HAND = {UnblockWay.SO_PIN: Role.SO, UnblockWay.PUK: Role.PUK}
_WAYS = (UnblockWay.CHALLENGE, *_AT_HAND)


@command("unblock", text=HELP)
@option(
    "--way",
    type=click.Choice([way.value for way in _WAYS]),
    text=N_("How to unblock; otherwise the only way, that whose secret is given, or your pick."),
)
@option(
    "--remote",
    "remote_",
    is_flag=True,
    text=N_("With the bank's help: the same as --way challenge."),
)
@option(
    "--keep-pin",
    is_flag=True,
    text=N_("Keep the user PIN and only unlock it, where the token can do that."),
)
@option(
    "--no-desk",
    is_flag=True,
    text=N_("Read the Request out on the telephone; send nothing to the bank's help desk."),
)
@pin_options(Role.SO, Role.PUK, Role.NEW)
def unblock(
    run: Invocation, *, way: str | None, remote_: bool, keep_pin: bool, no_desk: bool
) -> int | None:
    """Give access back in the way that was asked for."""
    token = run.token(first=_is_locked)
    require_writable(token)
    asked = UnblockWay.CHALLENGE if remote_ else None if way is None else UnblockWay(way)
    chosen = asked or _sensible(run, token, keep_pin=keep_pin)
    refuse_in_vain(token, token.state, chosen, keeps_pin=keep_pin)
    if chosen is UnblockWay.CHALLENGE:
        return remote.unblock(run, token, keep_pin=keep_pin, no_desk=no_desk)
    _unblock_here(run, token, chosen, keep_pin=keep_pin)
    return None


def _is_locked(token: Token) -> bool:
    """Whether this is the token that somebody comes with."""
    pin = token.state.user_pin
    return pin is not None and pin.state is PinState.LOCKED


def _sensible(run: Invocation, token: Token, *, keep_pin: bool) -> UnblockWay:
    """The way whose secret is given, else the only one that the token has, or a person picks."""
    for way, role in _AT_HAND.items():
        if run.pins.given(role):
            return way
    can = token.state.capabilities
    offered = can.unblock_keeps_pin if keep_pin else can.unblock_sets_pin
    ways = [way for way in _WAYS if way in offered]
    if len(ways) > 1:
        if run.terminal.there and not run.options.json:
            from lockwright.cli.choice import pick  # noqa: PLC0415  # nobody is asked as a rule

            what = _("This token can be unblocked in several ways:")
            return ways[pick(run.terminal, what, [phrases.unblock_way(way) for way in ways])]
        told = ", ".join(f"{way.value} ({phrases.unblock_way(way)})" for way in ways)
        text = _("This token can be unblocked in several ways: {ways}. Choose one with --way.")
        raise click.UsageError(text.format(ways=told))
    return ways[0] if ways else UnblockWay.SO_PIN


def _unblock_here(run: Invocation, token: Token, way: UnblockWay, *, keep_pin: bool) -> None:
    """With a secret that is at hand."""
    roles = (_AT_HAND[way],) if keep_pin else (_AT_HAND[way], Role.NEW)
    secret, *new = run.collect(token, *roles)
    with run.output.working(_("Setting the new PIN")):
        status = run.runner.unblock(token, secret, new[0] if new else None, way=way)
    run.output.answer(
        lambda: {"token": token.serial, "way": way.value, "pin": documents.pin(status)},
        lambda console: console.print(
            remote.done(keep_pin=keep_pin).format(
                serial=clean(token.serial), state=phrases.pin_state(status)
            )
        ),
    )
    run.output.note(remote.next_step(status))
