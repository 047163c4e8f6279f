"""The audit trail as a plugin: it wraps every hook that changes something or takes a PIN.

What may be recorded of a hook's arguments is written out here, hook by hook; a PIN, a Response or
a key never is, and what is not written out is not recorded.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import asdict

from lockwright.adapter import hookimpl
from lockwright.audit import results
from lockwright.audit.actor import actor
from lockwright.audit.outcome import outcome_of
from lockwright.audit.records import INTENT, OUTCOME, digest
from lockwright.audit.results import Facts
from lockwright.audit.trail import AuditTrail
from lockwright.errors import AuditUnwritable
from lockwright.i18n import N_
from lockwright.key_source import HsmKey, KeySource
from lockwright.models import (
    CaOrder,
    CaProfile,
    Grounds,
    KeyRequest,
    SignatureScheme,
    Token,
    UnblockWay,
)
from lockwright.policy import PinPolicy
from lockwright.secret import Secret

Wrapping = Generator[None, object, object]

_VERSION = 1
_DONE_UNRECORDED = N_("The token did what it was asked, but that is not recorded.")
_RESPONSE_LOST = N_("The Response is not shown, for it is not recorded; the Request is used up.")


class AuditPlugin:
    """Records an intent before a hook runs and its outcome after.

    Args:
        trail: where to.
        origins: distribution and version of each adapter, by its name.
    """

    def __init__(self, trail: AuditTrail, origins: Mapping[str, tuple[str, str]]) -> None:
        self._trail = trail
        self._origins = origins
        self._requests: dict[str, Facts] = {}
        """Mark of the Request that a token waits for an answer to, by serial number."""

    @hookimpl(wrapper=True)
    def lockwright_list(self, token: Token, pin: Secret | None) -> Wrapping:
        """Listing without a PIN changes nothing and is not recorded."""
        if pin is None:
            return (yield)
        return (yield from self._recorded("lockwright_list", token, {}, results.count))

    @hookimpl(wrapper=True)
    def lockwright_unblock(self, token: Token, way: UnblockWay, new_pin: Secret | None) -> Wrapping:
        """Which way, and whether a new PIN is set."""
        facts = {"way": way.value, "sets_pin": new_pin is not None}
        return (yield from self._recorded("lockwright_unblock", token, facts))

    @hookimpl(wrapper=True)
    def lockwright_unblock_challenge(self, token: Token) -> Wrapping:
        """A mark of the Request, by which the bank's side can find its own record."""
        challenge = yield from self._recorded(
            "lockwright_unblock_challenge", token, {}, results.request
        )
        self._requests[token.serial] = results.request(challenge)
        return challenge

    @hookimpl(wrapper=True)
    def lockwright_unblock_complete(self, token: Token) -> Wrapping:
        """Which Request it answers, and nothing of the Response."""
        facts = self._requests.pop(token.serial, {})
        return (yield from self._recorded("lockwright_unblock_complete", token, facts))

    @hookimpl(wrapper=True)
    def lockwright_unblock_cancel(self, token: Token) -> Wrapping:
        """Which Request was given up."""
        facts = self._requests.pop(token.serial, {})
        return (yield from self._recorded("lockwright_unblock_cancel", token, facts))

    @hookimpl(wrapper=True)
    def lockwright_respond(
        self,
        vendor: str,
        model: str,
        serial: str,
        challenge: bytes,
        key: KeySource,
        grounds: Grounds,
    ) -> Wrapping:
        """Who answers, for which token, why; a mark of the Request, of key and Response nothing."""
        about = {
            "adapter": self._adapter(vendor),
            "module": str(key.module) if isinstance(key, HsmKey) else "",
            "token": {"serial": serial, "label": "", "model": model, "manufacturer": ""},
        }
        facts = {
            **asdict(grounds),
            "request_sha256": results.request_mark(challenge),
            "key": "hsm" if isinstance(key, HsmKey) else "file",
            "default_key_allowed": key.default_allowed,
        }
        return (yield from self._around("lockwright_respond", about, facts, lost=_RESPONSE_LOST))

    @hookimpl(wrapper=True)
    def lockwright_change_pin(self, token: Token) -> Wrapping:
        """That it was changed."""
        return (yield from self._recorded("lockwright_change_pin", token, {}))

    @hookimpl(wrapper=True)
    def lockwright_delete(self, token: Token, refs: Sequence[str]) -> Wrapping:
        """Which objects, and which of them stayed."""
        facts = {"refs": list(refs)}
        return (yield from self._recorded("lockwright_delete", token, facts, results.failures))

    @hookimpl(wrapper=True)
    def lockwright_wipe(self, token: Token) -> Wrapping:
        """What stayed."""
        return (yield from self._recorded("lockwright_wipe", token, {}, results.failures))

    @hookimpl(wrapper=True)
    def lockwright_erase(self, token: Token) -> Wrapping:
        """That the administrator did it."""
        return (yield from self._recorded("lockwright_erase", token, {}))

    @hookimpl(wrapper=True)
    def lockwright_generate(self, token: Token, request: KeyRequest) -> Wrapping:
        """Which key, and a hash of its public half."""
        facts = {
            "key_type": request.key_type,
            "key_id": request.id.hex(),
            "label": request.label,
        }
        return (yield from self._recorded("lockwright_generate", token, facts, results.public_key))

    @hookimpl(wrapper=True)
    def lockwright_keys(self, token: Token) -> Wrapping:
        """How many there are."""
        return (yield from self._recorded("lockwright_keys", token, {}, results.count))

    @hookimpl(wrapper=True)
    def lockwright_sign(
        self, token: Token, key_id: bytes, scheme: SignatureScheme, data: bytes
    ) -> Wrapping:
        """With which key, and a hash of what was signed."""
        facts = {"key_id": key_id.hex(), "scheme": scheme.value, "data_sha256": digest(data)}
        return (yield from self._recorded("lockwright_sign", token, facts))

    @hookimpl(wrapper=True)
    def lockwright_store(
        self, token: Token, key_id: bytes, label: str, certificate: bytes
    ) -> Wrapping:
        """Beside which key, and the certificate's fingerprint."""
        facts = {
            "key_id": key_id.hex(),
            "label": label,
            "certificate_sha256": digest(certificate),
        }
        return (yield from self._recorded("lockwright_store", token, facts))

    @hookimpl(wrapper=True)
    def lockwright_set_policy(self, token: Token, policy: PinPolicy) -> Wrapping:
        """The rules that are set."""
        facts = {"policy": asdict(policy)}
        return (yield from self._recorded("lockwright_set_policy", token, facts))

    @hookimpl(wrapper=True)
    def lockwright_ca_enrol(self, ca: CaProfile, token: Token | None, order: CaOrder) -> Wrapping:
        """Which CA, for whom, a hash of the request, and what came of it."""
        return (yield from self._ordered("lockwright_ca_enrol", ca, token, order))

    @hookimpl(wrapper=True)
    def lockwright_ca_poll(self, ca: CaProfile, token: Token | None, order: CaOrder) -> Wrapping:
        """As for ``lockwright_ca_enrol``."""
        return (yield from self._ordered("lockwright_ca_poll", ca, token, order))

    @hookimpl(wrapper=True)
    def lockwright_ca_renew(self, ca: CaProfile, token: Token | None, order: CaOrder) -> Wrapping:
        """As for ``lockwright_ca_enrol``, and which certificate is renewed."""
        return (yield from self._ordered("lockwright_ca_renew", ca, token, order))

    def _ordered(self, hook: str, ca: CaProfile, token: Token | None, order: CaOrder) -> Wrapping:
        facts = {
            "ca": {"name": ca.name, "kind": ca.kind, "url": ca.url},
            "login": order.login,
            "request_sha256": digest(order.request),
            "renews_sha256": None if order.renews is None else digest(order.renews),
        }
        return (yield from self._recorded(hook, token, facts, results.answer))

    def _recorded(
        self,
        hook: str,
        token: Token | None,
        facts: Facts,
        result_facts: Callable[[object], Facts] = results.nothing,
    ) -> Wrapping:
        """Around a hook that touches a token."""
        return (yield from self._around(hook, self._about(token), facts, result_facts))

    def _around(
        self,
        hook: str,
        touched: Facts,
        facts: Facts,
        result_facts: Callable[[object], Facts] = results.nothing,
        *,
        lost: str = _DONE_UNRECORDED,
    ) -> Wrapping:
        """Intent, the hook, outcome; what all wrappers are made of.

        Args:
            hook: name of the hook.
            touched: adapter, module and token.
            facts: what may be recorded of its arguments.
            result_facts: what may be recorded of its result.
            lost: what it cost if the outcome cannot be recorded.
        """
        about = {"v": _VERSION, **touched, "who": actor(), "hook": hook, "id": uuid.uuid4().hex}
        self._trail.append({**about, "event": INTENT, "facts": facts})
        try:
            result = yield
        except BaseException as error:
            try:
                self._trail.append({**about, "event": OUTCOME, **outcome_of(error)})
            except AuditUnwritable as unwritable:
                error.add_note(f"and the outcome is not recorded: {unwritable}")
            raise
        outcome = {"outcome": "ok", "facts": result_facts(result)}
        try:
            self._trail.append({**about, "event": OUTCOME, **outcome})
        except AuditUnwritable as error:
            error.cost = lost
            raise
        return result

    def _about(self, token: Token | None) -> Facts:
        if token is None:
            return {"adapter": None, "module": None, "token": None}
        identity = token.identity
        return {
            "adapter": self._adapter(token.adapter or ""),
            "module": str(identity.module.path),
            "token": {
                "serial": identity.serial,
                "label": identity.label,
                "model": identity.model,
                "manufacturer": identity.manufacturer,
            },
        }

    def _adapter(self, name: str) -> Facts:
        distribution, version = self._origins.get(name, ("", ""))
        return {"name": name, "distribution": distribution, "version": version}
