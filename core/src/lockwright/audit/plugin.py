"""The audit trail as a plugin: it wraps every hook that changes something or takes a PIN.

What may be recorded of a hook is in its declaration; a PIN, a Response or a key never is, and
what is not there is not recorded.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from functools import partial
from typing import cast

from lockwright.audit.actor import actor
from lockwright.audit.group_commit import GroupCommit
from lockwright.audit.outcome import outcome_of
from lockwright.audit.records import INTENT, OUTCOME
from lockwright.audit.shield import Shield
from lockwright.audit.trail import AuditTrail
from lockwright.contract import ca_hooks, hooks
from lockwright.contract.audit_facts import Facts, Recorded
from lockwright.contract.declaration import Arguments, Declared, RequestEffect
from lockwright.contract.derived import Wrapping, wrapping
from lockwright.errors import AuditUnwritable
from lockwright.keys.source import HsmKey
from lockwright.models import Token, TokenKey

_VERSION = 1


class AuditPlugin:
    """Records an intent before a hook runs and its outcome after.

    Args:
        trail: where to.
        origins: distribution and version of each adapter, by its name.
    """

    def __init__(
        self, trail: AuditTrail | GroupCommit, origins: Mapping[str, tuple[str, str]]
    ) -> None:
        self._trail = trail
        self._origins = origins
        self._requests: dict[TokenKey, Facts] = {}
        """Mark of the Request that a token waits for an answer to."""
        for hook, declared in {**hooks.HOOKS, **ca_hooks.HOOKS}.items():
            if declared.records is not None:
                around = partial(self._around, declared, declared.records)
                setattr(self, hook, wrapping(declared, around))

    def _around(self, declared: Declared, records: Recorded, arguments: Arguments) -> Wrapping:
        """Intent, the hook, outcome; a signal acts between them only."""
        if self._only_looks(declared, arguments):
            return (yield)
        facts = {name: of.told(arguments[of.argument]) for name, of in records.items()}
        if declared.request is RequestEffect.ENDS:
            facts |= self._requests.pop(_key(arguments), {})
        about = {
            "v": _VERSION,
            **self._touched(arguments),
            "who": actor(),
            "hook": declared.name,
            "id": uuid.uuid4().hex,
        }
        with Shield() as shield:
            self._trail.append({**about, "event": INTENT, "facts": facts})
            try:
                with shield.opened():
                    result = yield
            except BaseException as error:
                self._failed(about, error)
                raise
            told = declared.tells(result)
            try:
                self._trail.append({**about, "event": OUTCOME, "outcome": "ok", "facts": told})
            except AuditUnwritable as error:
                error.cost = declared.unrecorded
                raise
            if declared.request is RequestEffect.OPENS:
                self._requests[_key(arguments)] = told
        return result

    def _failed(self, about: Facts, error: BaseException) -> None:
        try:
            self._trail.append({**about, "event": OUTCOME, **outcome_of(error)})
        except AuditUnwritable as unwritable:
            error.add_note(f"and the outcome is not recorded: {unwritable}")

    @staticmethod
    def _only_looks(declared: Declared, arguments: Arguments) -> bool:
        """Whether nobody logs in and nothing is changed, which is not worth a record."""
        spends = declared.spends
        return spends is not None and arguments[spends.argument] is None and not declared.changes

    def _touched(self, arguments: Arguments) -> Facts:
        """Adapter, module and token of a call."""
        if "token" in arguments:
            return self._about(cast("Token | None", arguments["token"]))
        return self._about_answer(arguments)

    def _about_answer(self, arguments: Arguments) -> Facts:
        """Of a Response, which is made where no token is."""
        key, serial, model = (arguments[name] for name in ("key", "serial", "model"))
        return {
            "adapter": self._adapter(str(arguments["vendor"])),
            "module": str(key.module) if isinstance(key, HsmKey) else "",
            "token": {"serial": serial, "label": "", "model": model, "manufacturer": ""},
        }

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
                "slot": identity.slot,
            },
        }

    def _adapter(self, name: str) -> Facts:
        distribution, version = self._origins.get(name, ("", ""))
        return {"name": name, "distribution": distribution, "version": version}


def _key(arguments: Arguments) -> TokenKey:
    return cast("Token", arguments["token"]).identity.key
