"""Which token is meant: by serial number, by PKCS#11 URI, or because there is only one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TypeGuard

from lockwright.errors import (
    BrokenUri,
    NoBlankToken,
    NoToken,
    RequestPending,
    SeveralTokens,
    TokenBlank,
    TokenContested,
    TokenOverlooked,
    TokenUnclaimed,
    TokenUnclear,
    UnknownToken,
)
from lockwright.files.real import real
from lockwright.i18n import N_
from lockwright.models import Token, TokenIdentity
from lockwright.operations.detect import Detection
from lockwright.pkcs11 import uri


def modules_in(selector: str | None) -> tuple[Path, ...]:
    """The module that a selector names, which is then the only one to look at.

    Args:
        selector: as for ``select``.

    Raises:
        BrokenUri: it is no PKCS#11 URI, carries a PIN, or its module is a mere name.
    """
    path = uri.parse(selector).module_path if _is_uri(selector) else None
    if path is None:
        return ()
    if not path.is_absolute():
        reason = N_("its module-path is not an absolute path")
        raise BrokenUri(uri=str(selector).partition("?")[0], reason=reason)
    return (path,)


def select(seen: Detection, selector: str | None) -> Token:
    """The one token that fits.

    Args:
        seen: what is connected.
        selector: serial number, PKCS#11 URI (RFC 7512), or None if there is only one token.

    Raises:
        NoToken, UnknownToken, TokenOverlooked, SeveralTokens: not exactly one token fits.
        TokenBlank: only one that was never initialised does.
        TokenUnclear: it is not clear which of several modules is the token's own.
        TokenUnclaimed: one fits, but no adapter claims it.
        BrokenUri: the URI is not one, or carries a PIN.
    """
    if not seen.tokens:
        raise TokenBlank(places=_places(seen.blank)) if seen.blank else NoToken
    fits = [token for token in seen.tokens if _fits(token, selector)]
    if not fits and selector is not None:
        blank = [each for each in seen.blank if _names(each, selector)]
        raise TokenBlank(places=_places(blank)) if blank else _unknown(seen, selector)
    claimed = [token for token in fits if token.adapter is not None]
    unclear = [token for token in fits if token.identity in seen.unclear]
    if len(claimed) + len(unclear) > 1 or unclear:
        raise _several(seen, claimed, unclear)
    return require_claimed(claimed[0] if claimed else fits[0])


def select_blank(seen: Detection, selector: str | None) -> TokenIdentity:
    """The one blank token that fits.

    Args:
        seen: what is connected.
        selector: as for ``select``.

    Raises:
        NoBlankToken: none fits.
        SeveralTokens: several do.
        BrokenUri: the URI is not one, or carries a PIN.
    """
    fits = [each for each in seen.blank if selector is None or _names(each, selector)]
    if not fits:
        raise NoBlankToken(seen=_serials(seen.tokens))
    if len(fits) > 1:
        uris = tuple(uri.naming(each, seen.blank) for each in fits)
        raise SeveralTokens(serials=_places(fits), uris=uris, names=uris)
    return fits[0]


def require_claimed(token: Token) -> Token:
    """The token, if an adapter has it.

    Raises:
        TokenContested: several adapters are equally sure of it.
        TokenUnclaimed: none claims it.
    """
    identity = token.identity
    if token.claimants:
        raise TokenContested(serial=identity.serial, adapters=token.claimants)
    if token.adapter is None:
        raise TokenUnclaimed(
            serial=identity.serial, model=identity.model, manufacturer=identity.manufacturer
        )
    return token


def _several(
    seen: Detection, claimed: Sequence[Token], unclear: Sequence[Token]
) -> SeveralTokens | TokenUnclear:
    """Each is named so that it can be picked."""
    uris = tuple(seen.uri(token) for token in (*claimed, *unclear))
    if claimed or len({token.identity.strings for token in unclear}) > 1:
        names = tuple(seen.name(token) for token in (*claimed, *unclear))
        return SeveralTokens(serials=_serials((*claimed, *unclear)), uris=uris, names=names)
    return unclear_one(seen, unclear)


def unclear_one(seen: Detection, twins: Sequence[Token]) -> TokenUnclear:
    """That it is not clear which of several modules is a token's own.

    Args:
        seen: what is connected.
        twins: the token as each of the modules shows it.
    """
    modules = dict.fromkeys(str(token.identity.module.path) for token in twins)
    uris = tuple(map(seen.uri, twins))
    return TokenUnclear(serial=twins[0].serial, modules=tuple(modules), uris=uris)


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
        waits = problem.waiting is not None and _fits(problem.waiting, selector)
        if waits and isinstance(problem.error, RequestPending):
            raise problem.error


def _fits(token: Token, selector: str | None) -> bool:
    return selector is None or _names(token.identity, selector)


def _names(identity: TokenIdentity, selector: str) -> bool:
    if not _is_uri(selector):
        return identity.serial.lower() == selector.lower()
    read, path = uri.parse(selector), identity.module.path
    own = read.module_path is None or real(read.module_path) == real(path)
    return own and uri.matches(read, identity)


def _places(blank: Iterable[TokenIdentity]) -> tuple[str, ...]:
    """Where blank tokens are: their model, and what a person may see of the slot."""
    return tuple(
        f"{each.model}, {each.slot_description} ({each.slot}), {each.module.path}" for each in blank
    )


def _is_uri(selector: str | None) -> TypeGuard[str]:
    return selector is not None and selector.lower().startswith(uri.SCHEME)


def _serials(tokens: Iterable[Token]) -> tuple[str, ...]:
    return tuple(f"{token.serial} ({token.identity.label})" for token in tokens)
