"""What goes wrong with the register, for whoever asked, at a terminal or in a browser."""

from __future__ import annotations

from http import HTTPStatus
from typing import ClassVar

from lockwright.i18n import N_

from lockwright_desk.errors import DeskError


class RegisterError(DeskError):
    """The register cannot do what it was asked for."""

    code = "register"
    status: ClassVar[HTTPStatus] = HTTPStatus.CONFLICT
    """What HTTP calls it."""


class UnknownClient(RegisterError):
    """No client has that login."""

    code = "client-unknown"
    status = HTTPStatus.NOT_FOUND
    message = N_("There is no client with the login {login}.")
    advice = N_("Find clients by a part of their name with: lockwright-desk clients list NAME")
    facts_named = ("login",)


class ClientExists(RegisterError):
    """A client has that login, or one that differs by its case alone."""

    code = "client-exists"
    message = N_("There is a client with the login {login} already.")
    advice = N_("Change that client, or take another login.")
    facts_named = ("login",)


class ClientBusy(RegisterError):
    """Something is still to be done for the client."""

    code = "client-busy"
    message = N_("The client {login} cannot be removed: {reason}.")
    advice = N_(
        "Take tokens back with: lockwright-desk tokens hand-over SERIAL --back; have cases closed"
        " at the page; notices go with: lockwright-desk notices send. Then repeat."
    )
    facts_named = ("login", "reason")


class UnknownToken(RegisterError):
    """No token has that serial number."""

    code = "token-unregistered"
    status = HTTPStatus.NOT_FOUND
    message = N_("No token with the serial number {serial} is in the register.")
    advice = N_("Find it by its last digits with: lockwright-desk tokens list --ending DIGITS")
    facts_named = ("serial",)


class SeveralTokens(RegisterError):
    """Several tokens have that serial number."""

    code = "token-ambiguous"
    message = N_("Several tokens have the serial number {serial}: {tokens}.")
    advice = N_("Say which one is meant: --adapter, --model")
    facts_named = ("serial", "tokens")


class ChangeNotAllowed(RegisterError):
    """A token in that state cannot get into the other one."""

    code = "token-state"
    message = N_("The token {serial} is {state}; it cannot be {wanted} from there.")
    advice = N_("See what became of it with: lockwright-desk tokens show SERIAL")
    facts_named = ("serial", "state", "wanted")


class TokenNotHandedOver(RegisterError):
    """A token in that state gets no other holder."""

    code = "token-not-handed-over"
    message = N_("The token {serial} does not change hands; it is {state}.")
    advice = N_(
        "Restore it first, with: lockwright-desk tokens restore SERIAL; what is suspended can be"
        " taken back."
    )
    facts_named = ("serial", "state")


class AlreadyHeld(RegisterError):
    """The token is where it should go."""

    code = "token-already-held"
    message = N_("The token {serial} is there already: {holder}.")
    advice = N_("See who held it with: lockwright-desk tokens show SERIAL")
    facts_named = ("holder", "serial")


class TokenChanged(RegisterError):
    """Somebody else has changed the token since it was looked at."""

    code = "token-changed"
    message = N_("Somebody else has just changed the token {serial}.")
    advice = N_("Look at it again, and repeat what is still to be done.")
    facts_named = ("serial",)


class ValueRefused(RegisterError):
    """A value that the register does not take."""

    code = "register-value"
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    message = N_("{field} cannot be used: {reason}.")
    advice = N_("Correct it, and repeat.")
    facts_named = ("field", "reason")


class PageUnknown(RegisterError):
    """The key of a page that is none."""

    code = "page-unknown"
    status = HTTPStatus.BAD_REQUEST
    message = N_("There is no such page of this list.")
    advice = N_("Begin with the first page.")


class ChangedMeanwhile(RegisterError):
    """The register was changed while a file was looked through."""

    code = "register-changed"
    message = N_("The register was changed by somebody else while the file was looked through.")
    advice = N_("Repeat the command.")


class NoTokens(RegisterError):
    """A document that is not what ``lockwright tokens --json`` shows, or has no tokens."""

    code = "no-tokens"
    message = N_("This is no document of lockwright tokens --json, or no token is in it.")
    advice = N_("Plug the token in, and see it with: lockwright tokens")
