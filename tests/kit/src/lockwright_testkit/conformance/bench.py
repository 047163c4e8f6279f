"""A token on the test bench: the hooks of its adapter, typed, with its module open."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from types import NoneType
from typing import Any

import pytest
from lockwright.contract.adapter_class import own_answers
from lockwright.errors import LockwrightError
from lockwright.models import (
    Challenge,
    Failure,
    KeyPair,
    KeyRequest,
    LabelBy,
    Match,
    ResponseRule,
    SignatureScheme,
    Token,
    TokenIdentity,
    TokenObject,
    TokenState,
    UnblockWay,
)
from lockwright.pkcs11.same_token import identities
from lockwright.pkcs11.session import Module
from lockwright.policy import PinPolicy
from lockwright.secret import Secret

from lockwright_testkit.conformance.hook_caller import Caller, NotOffered
from lockwright_testkit.conformance.subject import Subject

_WRONG = "Wrong-pin-1"


class Unclaimed(Exception):
    """The adapter claims none of the tokens that the module shows."""


class Bench:
    """One token; each method is the hook of that name.

    Args:
        subject: the adapter, and what is known of the token.
        caller: calls the adapter.
        module: the session port over its module.
        token: the token.
    """

    def __init__(self, subject: Subject, caller: Caller, module: Module, token: Token) -> None:
        self.subject = subject
        self.caller = caller
        self.module = module
        self.token = token
        self.untested: list[str] = []
        """What cannot be looked at here, each the reason."""
        self.declared: Mapping[str, str] | None = None
        """What the adapter does not offer here and why; None if it does not say such things."""
        self.longest: int | None = None
        """Bytes of the longest user PIN; None if the token does not tell."""
        self._place: dict[str, object] = {"module": module, "token": token}

    def cannot(self, reason: str) -> bool:
        """Note that something cannot be looked at here; always false."""
        if reason not in self.untested:
            self.untested.append(reason)
        return False

    @property
    def another(self) -> Bench:
        """A token that was in the slot before this one; only its label tells that it is gone."""
        gone = replace(self.token.identity, label=f"{self.token.identity.label}, once")
        return Bench(self.subject, self.caller, self.module, replace(self.token, identity=gone))

    @property
    def twin(self) -> Bench:
        """The token beside it that has all its strings, in another slot."""
        one = self.token.identity
        other = next(
            each
            for each in identities(self.module)
            if each.strings == one.strings and each.slot != one.slot
        )
        return Bench(self.subject, self.caller, self.module, replace(self.token, identity=other))

    def labelled(self, label: str) -> Bench:
        """The same token under a label that it was given."""
        found = self.now
        shown = found.token.identity.label
        assert shown == label, f"the label of the token is {shown!r}"
        return found

    @property
    def now(self) -> Bench:
        """The token in its slot as it shows itself now, whatever was done to it."""
        slot = self.token.identity.slot
        (found,) = [each for each in identities(self.module) if each.slot == slot]
        return Bench(self.subject, self.caller, self.module, replace(self.token, identity=found))

    # A hook may wipe what it was given, so each use gets a secret of its own.

    @property
    def pin(self) -> Secret:
        """The user PIN that the token began with."""
        return Secret(self.subject.user_pin)

    @property
    def new_pin(self) -> Secret:
        """Another user PIN that the token takes."""
        return Secret(self.subject.new_pin)

    @property
    def weak_pin(self) -> Secret:
        """A user PIN that the token does not take; the test is skipped where it takes any."""
        if self.subject.weak_pin is None:
            pytest.skip("the token takes any PIN")
        return Secret(self.subject.weak_pin)

    @property
    def wrong_pin(self) -> Secret:
        """A PIN of nobody, no longer than the token takes: a longer one would cost no try."""
        return Secret(_WRONG[: self.longest])

    @property
    def so_pin(self) -> Secret:
        """The SO PIN."""
        return Secret(self.subject.so_pin)

    @property
    def new_so_pin(self) -> Secret:
        """Another SO PIN that the token takes."""
        return Secret(self.subject.new_so_pin)

    @property
    def puk(self) -> Secret:
        """The PUK; a token without one gets any, for it does not offer what takes it."""
        return Secret(self.subject.puk or self.subject.new_puk)

    @property
    def new_puk(self) -> Secret:
        """Another PUK that the token takes."""
        return Secret(self.subject.new_puk)

    def state(self) -> TokenState:
        return self.caller.one("state", TokenState, **self._place)

    def list(self, pin: Secret | None) -> Sequence[TokenObject]:
        return self.caller.several("list", TokenObject, pin=pin, sought=None, **self._place)

    def unblock(self, way: UnblockWay, secret: Secret, new_pin: Secret | None) -> None:
        given = {"way": way, "secret": secret, "new_pin": new_pin}
        self.caller.one("unblock", NoneType, **given, **self._place)

    def challenge(self) -> Challenge:
        return self.caller.one("unblock_challenge", Challenge, **self._place)

    def complete(self, response: Secret, new_pin: Secret | None) -> None:
        given = {"response": response, "new_pin": new_pin}
        self.caller.one("unblock_complete", NoneType, **given, **self._place)

    def cancel(self) -> None:
        self.caller.one("unblock_cancel", NoneType, **self._place)

    def response_rule(self) -> ResponseRule:
        given = {"model": self.token.identity.model, "settings": self.subject.settings}
        return self.caller.one("response_rule", ResponseRule, **given)

    def change_pin(self, pin: Secret, new_pin: Secret) -> None:
        self.caller.one("change_pin", NoneType, pin=pin, new_pin=new_pin, **self._place)

    def delete(self, pin: Secret, refs: Sequence[str]) -> Sequence[Failure]:
        return self.caller.several("delete", Failure, pin=pin, refs=refs, **self._place)

    def wipe(self, pin: Secret) -> Sequence[Failure]:
        return self.caller.several("wipe", Failure, pin=pin, **self._place)

    def erase(self, so_pin: Secret) -> None:
        self.caller.one("erase", NoneType, so_pin=so_pin, **self._place)

    def generate(self, pin: Secret, request: KeyRequest) -> KeyPair:
        return self.caller.one("generate", KeyPair, pin=pin, request=request, **self._place)

    def keys(self, pin: Secret) -> Sequence[KeyPair]:
        return self.caller.several("keys", KeyPair, pin=pin, key_id=None, **self._place)

    def sign(
        self,
        pin: Secret,
        key_id: bytes,
        scheme: SignatureScheme,
        data: bytes,
        ref: str | None = None,
    ) -> bytes:
        given = {"pin": pin, "key_id": key_id, "scheme": scheme, "data": data, "ref": ref}
        return self.caller.one("sign", bytes, **given, **self._place)

    def store(self, pin: Secret, key_id: bytes, label: str, certificate: bytes) -> None:
        given = {"pin": pin, "key_id": key_id, "label": label, "certificate": certificate}
        self.caller.one("store", NoneType, **given, **self._place)

    def policy(self) -> PinPolicy:
        return self.caller.one("policy", PinPolicy, **self._place)

    def init(self, so_pin: Secret, label: str) -> None:
        self.caller.one("init", NoneType, so_pin=so_pin, label=label, **self._place)

    def change_so_pin(self, so_pin: Secret, new_so_pin: Secret) -> None:
        given = {"so_pin": so_pin, "new_so_pin": new_so_pin}
        self.caller.one("change_so_pin", NoneType, **given, **self._place)

    def change_puk(self, puk: Secret, new_puk: Secret) -> None:
        self.caller.one("change_puk", NoneType, puk=puk, new_puk=new_puk, **self._place)

    def set_label(self, by: LabelBy, pin: Secret, label: str) -> None:
        self.caller.one("set_label", NoneType, by=by, pin=pin, label=label, **self._place)

    def import_key(
        self, pin: Secret, key: Secret, public_key: bytes, key_id: bytes, label: str
    ) -> None:
        given = {"key": key, "public_key": public_key, "key_id": key_id, "label": label}
        self.caller.one("import_key", NoneType, pin=pin, **given, **self._place)

    def set_policy(self, so_pin: Secret, policy: PinPolicy) -> None:
        self.caller.one("set_policy", NoneType, so_pin=so_pin, policy=policy, **self._place)


@contextmanager
def opened(subject: Subject) -> Iterator[Bench]:
    """Open the module, find the token, close the module whatever happens."""
    caller = Caller(subject.adapter)
    module = open_module(caller, subject)
    try:
        bench = Bench(subject, caller, module, _found(caller, module, subject))
        _look(bench)
        yield bench
    finally:
        module.close()


def _look(bench: Bench) -> None:
    """Note what the token says of itself, now that no Request can be open.

    A module of functions need not name what it does not offer.
    """
    told: Mapping[str, str] = {}
    with suppress(NotOffered, LockwrightError, AssertionError):
        state = bench.state()
        told = state.capabilities.not_offered
        bench.longest = (state.pin_lengths[1] or None) if state.pin_lengths else None
    silent = not told and own_answers(bench.subject.adapter) is None
    bench.declared = None if silent else told


def open_module(caller: Caller, subject: Subject) -> Module:
    """``lockwright_open`` on the subject's module."""
    # A protocol cannot be looked for with isinstance; what it lacks shows when it is used.
    module: Any = caller.one("open", object, path=subject.module, settings=subject.settings)
    opening: Module = module
    return opening


def claim(caller: Caller, identity: TokenIdentity) -> Match | None:
    """``lockwright_match``."""
    match: Any = caller.one("match", object, identity=identity)
    assert match is None or isinstance(match, Match), "lockwright_match returned no Match"
    return match


def _found(caller: Caller, module: Module, subject: Subject) -> Token:
    """The token of the subject's serial number, or the first one that the adapter claims."""
    shown = identities(module)
    for identity in shown:
        match = claim(caller, identity)
        if match and subject.serial in {"", identity.serial}:
            return Token(identity, adapter="conformance", reason=match.reason)
    told = ", ".join(f"{identity.manufacturer!r} {identity.model!r}" for identity in shown)
    whose = f"the module of {module.info().manufacturer!r}"
    raise Unclaimed(f"the adapter claims no token; {whose} shows {told or 'none'}")
