"""The adapter for SafeNet eToken and the IDPrime family, over PyKCS11.

What these tokens do as plain PKCS#11 does is inherited; the rest is in the modules of this
package.
"""
# ruff: noqa: D102  # what a hook does is in the contract, once for all adapters

from __future__ import annotations

from pathlib import Path

from lockwright.adapter import Choice, Settings, StandardAdapter
from lockwright.i18n import N_
from lockwright.keys.response import ResponseKey
from lockwright.models import Match, TokenIdentity
from lockwright.pkcs11.session import Module

from lockwright_etoken import driver, pins, policy, respond, state, tokens, unblock


class EToken(StandardAdapter):
    """eToken and IDPrime of SafeNet, now Thales."""

    modules = tokens.MODULES
    bindings = (driver.BINDING,)
    own_settings = driver.SETTINGS
    needs_pcsc = True
    response_models = tuple(respond.MODELS)
    # SAPI_SetTokenName is in a library of its own, not in the PKCS#11 module.
    not_offered = {"set_label": N_("not in this module")}

    def choice(self, settings: Settings) -> Choice:
        choice = super().choice(settings)
        driver.options(choice)  # refuses what means nothing, before a module is opened
        return choice

    def lockwright_open(self, path: Path, settings: Settings) -> Module:
        return driver.open_module(path, self.choice(settings))

    def lockwright_match(self, identity: TokenIdentity) -> Match | None:
        return tokens.match(identity)

    lockwright_state = staticmethod(state.state)
    lockwright_unblock = staticmethod(pins.unblock)
    lockwright_unblock_challenge = staticmethod(unblock.begin)
    lockwright_unblock_complete = staticmethod(unblock.complete)
    lockwright_unblock_cancel = staticmethod(unblock.cancel)
    lockwright_response_rule = staticmethod(respond.rule)
    lockwright_change_pin = staticmethod(pins.change)
    lockwright_policy = staticmethod(policy.read)
    lockwright_set_policy = staticmethod(policy.write)
    lockwright_init = staticmethod(pins.init)
    lockwright_change_so_pin = staticmethod(pins.change_so)

    def lockwright_respond(
        self, model: str, challenge: bytes, key: ResponseKey, settings: Settings
    ) -> bytes:
        return respond.respond(model, challenge, key, self.choice(settings))


adapter = EToken()
