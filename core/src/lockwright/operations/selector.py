"""Which token is meant: by serial number, by PKCS#11 URI, or because there is only one."""

from __future__ import annotations

from collections.abc import Sequence

from lockwright.errors import (
    NoToken,
    RequestPending,
    SeveralTokens,
    TokenOverlooked,
    TokenUnclaimed,
    UnknownToken,
)
from lockwright.models import Token
from lockwright.operations.detect import Detection
from lockwright.pkcs11 import uri

_SCHEME = "pkcs11:"


def select(seen: Detection, selector: str | None) -> Token:
    """The one token that fits.

    Args:
        seen: what is connected.
        selector: serial number, PKCS#11 URI (RFC 7512), or None if there is only one token.

    Raises:
        NoToken, UnknownToken, TokenOverlooked, SeveralTokens: not exactly one token fits.
        TokenUnclaimed: one fits, but no adapter claims it.
        BrokenUri: the URI is not one, or carries a PIN.
    """
    if not seen.tokens:
        raise NoToken
    fits = [token for token in seen.tokens if _fits(token, selector)]
    if not fits and selector is not None:
        raise _unknown(seen, selector)
    claimed = [token for token in fits if token.adapter is not None]
    if len(claimed) > 1:
        raise SeveralTokens(serials=_serials(claimed))
    if not claimed:
        identity = fits[0].identity
        raise TokenUnclaimed(
            serial=identity.serial, model=identity.model, manufacturer=identity.manufacturer
        )
    return claimed[0]


def _unknown(seen: Detection, selector: str) -> UnknownToken | TokenOverlooked:
    serials = _serials(seen.tokens)
    if seen.missed:
        return TokenOverlooked(selector=selector, seen=serials, missed=seen.missed)
    return UnknownToken(selector=selector, seen=serials)


def refuse_waiting(seen: Detection, selector: str | None) -> None:
    """Say that a token waits for a Response where it would be missed among those that were seen.

    Args:
        seen: what is connected.
        selector: what was asked for.

    Raises:
        RequestPending: the token that is meant waits.
    """
    for problem in seen.problems:
        if isinstance(problem.error, RequestPending):
            waiting = str(problem.error.facts["serial"])
            if selector is None or selector.lower() == waiting.lower():
                raise problem.error


def _fits(token: Token, selector: str | None) -> bool:
    if selector is None:
        return True
    if selector.lower().startswith(_SCHEME):
        return uri.matches(uri.parse(selector), token.identity)
    return token.serial.lower() == selector.lower()


def _serials(tokens: Sequence[Token]) -> tuple[str, ...]:
    return tuple(f"{token.serial} ({token.identity.label})" for token in tokens)
