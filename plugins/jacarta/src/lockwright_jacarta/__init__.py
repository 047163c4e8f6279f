"""The adapter for JaCarta PKI, PRO and GOST 2, over python-pkcs11.

What all applets do as plain PKCS#11 does is inherited; what an applet does its own way is in
its module: ``pki_applet``, ``pro_applet``, ``gost2_applet``.
"""
# ruff: noqa: D102  # what a hook does is in the contract, once for all adapters

from __future__ import annotations

from lockwright.adapter import NO_FUNCTION, StandardAdapter, refusal
from lockwright.i18n import N_
from lockwright.models import (
    Challenge,
    Match,
    Token,
    TokenIdentity,
    TokenState,
    UnblockWay,
)
from lockwright.pkcs11 import standard
from lockwright.pkcs11.session import Module
from lockwright.policy import PinPolicy
from lockwright.secret import Secret

from lockwright_jacarta import pki_applet, pro_applet, remote, respond, tokens
from lockwright_jacarta.applets import applet_of
from lockwright_jacarta.pin_refusals import REFUSALS
from lockwright_jacarta.tokens import Applet

WORKSTATION = N_("only the vendor's workstation")
_ALL_BUT_PKI = tuple(applet.value for applet in Applet if applet is not Applet.PKI)


class JaCarta(StandardAdapter):
    """JaCarta of Aladdin R.D."""

    modules = tokens.MODULES
    bindings = ("python-pkcs11",)
    needs_pcsc = True
    response_models = (Applet.PKI.value,)
    not_offered = {
        "response_rule": dict.fromkeys(_ALL_BUT_PKI, respond.NOT_PUBLIC),
        "respond": dict.fromkeys(_ALL_BUT_PKI, respond.NOT_PUBLIC),
        "erase": dict.fromkeys(_ALL_BUT_PKI, NO_FUNCTION),
        "set_policy": {
            # JC_PKI_SetComplexity comes into force at initialisation alone.
            Applet.PKI.value: N_("only at initialisation"),
            # JC_CT2_SetPINPolicy needs the administrator of the workstation.
            Applet.GOST2.value: WORKSTATION,
        },
        # Astra Linux's and the vendor's pages: only the workstation administers it.
        "init": {Applet.GOST2.value: WORKSTATION},
        "change_so_pin": {Applet.GOST2.value: WORKSTATION},
        # JC_CT2_SetPUK needs the administrator of the workstation; PKI and PRO have no PUK.
        "change_puk": N_("only the vendor's workstation, where there is a PUK"),
        # jcPKCS11f.h has JC_SetLabel: "authentication needed". Whose, no public source tells.
        "set_label": N_("whose PIN the vendor's function asks for is not public"),
    }

    def lockwright_match(self, identity: TokenIdentity) -> Match | None:
        return tokens.match(identity)

    def lockwright_state(self, module: Module, token: Token) -> TokenState:
        found = standard.locate(module, token)
        return applet_of(token).state(module, found.slot, standard.state_of(module, found))

    def lockwright_unblock(
        self, module: Module, token: Token, way: UnblockWay, secret: Secret, new_pin: Secret | None
    ) -> None:
        applet_of(token).unblock(module, token, way, secret, new_pin)

    def lockwright_unblock_challenge(self, module: Module, token: Token) -> Challenge:
        return remote.begin(module, token, applet_of(token))

    def lockwright_unblock_complete(
        self, module: Module, token: Token, response: Secret, new_pin: Secret | None
    ) -> None:
        remote.complete(module, token, applet_of(token), response, new_pin)

    lockwright_unblock_cancel = staticmethod(remote.cancel)
    lockwright_response_rule = staticmethod(respond.response_rule)
    lockwright_respond = staticmethod(respond.respond)

    def lockwright_change_pin(
        self, module: Module, token: Token, pin: Secret, new_pin: Secret
    ) -> None:
        standard.change_pin(module, token, pin, new_pin, REFUSALS)

    lockwright_erase = staticmethod(pki_applet.erase)

    def lockwright_policy(self, module: Module, token: Token) -> PinPolicy:
        own = applet_of(token).policy(module, standard.locate(module, token).slot)
        return standard.policy(module, token).stricter(own)

    lockwright_set_policy = staticmethod(pro_applet.set_policy)

    def lockwright_init(self, module: Module, token: Token, so_pin: Secret, label: str) -> None:
        self._refuse_in_state(module, token, "init")
        standard.init(module, token, so_pin, label)

    def lockwright_change_so_pin(
        self, module: Module, token: Token, so_pin: Secret, new_so_pin: Secret
    ) -> None:
        self._refuse_in_state(module, token, "change_so_pin")
        standard.change_so_pin(module, token, so_pin, new_so_pin, REFUSALS)

    def _refuse_in_state(self, module: Module, token: Token, hook: str) -> None:
        """Refuse what this very applet is not offered, by its kind of administrator.

        A blank one says which kind it gets when it is initialised.
        """
        told = self.lockwright_state(module, token).capabilities.not_offered
        if reason := told.get(hook):
            raise refusal(hook, reason)


adapter = JaCarta()
