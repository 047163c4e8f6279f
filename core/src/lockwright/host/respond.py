"""Answered a Request where no token is: judge the administrator key, let the adapter compute."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing, suppress
from functools import partial
from typing import TYPE_CHECKING, TypeVar, cast

from lockwright.errors import (
    DefaultKey,
    KeyUnusable,
    LockwrightError,
    RuleNotPublic,
    TokenRemoved,
)
from lockwright.host.loaded_adapter import LoadedAdapter
from lockwright.host.protocol import AdapterRef, Care, Recognise, Respond
from lockwright.i18n import N_, _
from lockwright.keys.mark import PROBE
from lockwright.keys.response import KeyInHand, PasswordInHand, ResponseKey, is_known_key
from lockwright.keys.source import GivenKey, HsmKey
from lockwright.models import Grounds, Inquiry, KeyForm, ResponseRule
from lockwright.models.settings import Settings
from lockwright.secret import Secret

if TYPE_CHECKING:
    from lockwright.host.hsm import Hsm

T = TypeVar("T")


class Bankside:
    """An adapter, and an HSM's module at most, where Requests are answered.

    Args:
        adapter: the adapter, which is imported here.
        settings: its table of the configuration.
        care: how the tries of an HSM's PIN are spared.
        stays: whether the HSM stays logged in to from one Request to the next, until ``close``.
    """

    def __init__(
        self,
        adapter: AdapterRef,
        settings: Settings,
        care: Care | None = None,
        *,
        stays: bool = False,
    ) -> None:
        self._adapter = adapter
        self._settings = settings
        self._care = care or Care()
        self._stays = stays
        self._loaded: LoadedAdapter | None = None
        self._hsm: Hsm | None = None

    def adopt(self, adapter: AdapterRef, settings: Settings) -> None:
        """Go on with another adapter beside the same HSM.

        Args:
            adapter: the adapter.
            settings: its table of the configuration.
        """
        if adapter != self._adapter:
            self._loaded = None
        self._adapter, self._settings = adapter, settings

    def warm(self) -> None:
        """Have ready what every answer needs; what fails here is told by the answer."""
        with suppress(LockwrightError):
            self._code()
        with suppress(KeyUnusable):
            KeyInHand(Secret(bytes(24))).des3_ecb(PROBE)

    def respond(self, asked: Respond) -> Secret | None:
        """The Response; None where an HSM would have to be logged in to, and may not be.

        Args:
            asked: the Request and the key.

        Raises:
            RuleNotPublic: how the Response of this model is made is not public.
            KeyUnusable, DefaultKey: the key is not to be used.
            RequestMalformed: it is not a Request of this model.
            PinError, ModuleError: an HSM does not let us in.
            AdapterBroken: the adapter failed.
        """
        loaded, source = self._code(), asked.key
        if isinstance(source, HsmKey):
            answered = partial(_answered, loaded, self._settings, asked)
            return self._in_hsm(source, answered, logs_in=asked.logs_in)
        password = source.form is KeyForm.PASSWORD
        in_hand = PasswordInHand(source.value) if password else KeyInHand(source.value)
        return _answered(loaded, self._settings, asked, in_hand)

    def recognise(self, asked: Recognise) -> bytes | None:
        """What a key in an HSM makes of ``PROBE``, by which the ledger knows it again.

        Args:
            asked: the key.

        Returns:
            That; None where the HSM would have to be logged in to, and may not be.

        Raises:
            PinError, ModuleError: the HSM does not let us in.
            KeyUnusable: it is not to be used.
        """
        return self._in_hsm(asked.key, lambda key: key.des3_ecb(PROBE), logs_in=asked.logs_in)

    @property
    def alive(self) -> bool:
        """It is as alive as its process."""
        return True

    def begin_close(self) -> None:
        """Nothing: ``close`` does it."""

    def close(self) -> None:
        """Log out of the HSM and unload its module."""
        if self._hsm is not None:
            self._hsm.close()

    def _code(self) -> LoadedAdapter:
        if self._loaded is None:
            self._loaded = LoadedAdapter(self._adapter)
        return self._loaded

    def _in_hsm(
        self, source: HsmKey, work: Callable[[ResponseKey], T], *, logs_in: bool
    ) -> T | None:
        """Work with a key in the HSM; from the start once more where a module that was kept fails.

        Nothing has left this process by then, and the PIN is the one that has opened it before.
        """
        if self._hsm is None:
            from lockwright.host.hsm import Hsm  # noqa: PLC0415  # with it comes a binding

            self._hsm = Hsm(source.module, self._care, stays=self._stays)
        kept = self._hsm.is_loaded
        try:
            return self._worked(self._hsm, source, work, logs_in=logs_in)
        except (KeyUnusable, TokenRemoved) as error:
            if not kept or (isinstance(error, KeyUnusable) and error.ckr is None):
                raise
        self._hsm.close()
        return self._worked(self._hsm, source, work, logs_in=logs_in)

    def _worked(
        self, hsm: Hsm, source: HsmKey, work: Callable[[ResponseKey], T], *, logs_in: bool
    ) -> T | None:
        from lockwright.host.hsm import LoginWanted  # noqa: PLC0415  # the same

        try:
            with hsm.key(source, logs_in=logs_in) as key:
                return work(key)
        except LoginWanted:
            return None
        finally:
            if not self._stays:
                hsm.close()


def respond(
    adapter: AdapterRef, settings: Settings, asked: Respond, care: Care | None = None
) -> Secret:
    """The Response, of which nothing stays open; see ``Bankside``."""
    with closing(Bankside(adapter, settings, care)) as bankside:
        return cast("Secret", bankside.respond(asked))


def _answered(
    loaded: LoadedAdapter, settings: Settings, asked: Respond, key: ResponseKey
) -> Secret:
    source = asked.key
    form = source.form if isinstance(source, GivenKey) else KeyForm.HEX
    inquiry = Inquiry(loaded.name, asked.model, asked.serial, asked.challenge)
    rule = rule_of(loaded, settings, asked.model)
    check_key(key, form, rule, default_allowed=source.default_allowed)
    return computed(loaded, settings, inquiry, key, asked.grounds)


def rule_of(loaded: LoadedAdapter, settings: Settings, model: str) -> ResponseRule:
    """What a Request and an administrator key of a model look like, as its adapter says it.

    Raises:
        RuleNotPublic: how the Response of this model is made is not public.
        AdapterBroken: the adapter failed.
    """
    rules = loaded.hook("lockwright_response_rule")
    if rules is None or loaded.hook("lockwright_respond") is None:
        raise RuleNotPublic(model=model, adapter=loaded.name)
    return cast("ResponseRule", loaded.guarded(lambda: rules(model=model, settings=settings)))


def computed(
    loaded: LoadedAdapter, settings: Settings, inquiry: Inquiry, key: ResponseKey, grounds: Grounds
) -> Secret:
    """The Response that an adapter makes with a key that was judged before.

    Raises:
        RuleNotPublic: how the Response of this model is made is not public.
        KeyUnusable: the key is of no use for this model.
        RequestMalformed: it is not a Request of this model.
        AdapterBroken: the adapter failed.
    """
    responds = loaded.hook("lockwright_respond")
    if responds is None:
        raise RuleNotPublic(model=inquiry.model, adapter=loaded.name)
    answer = loaded.guarded(
        lambda: responds(
            vendor=loaded.name,
            model=inquiry.model,
            serial=inquiry.serial,
            challenge=inquiry.request,
            key=key,
            settings=settings,
            grounds=grounds,
        )
    )
    if not isinstance(answer, bytes) or not answer:
        raise loaded.broken(_("it answered: {}").format(type(answer).__name__))
    return Secret(answer)


def check_key(
    key: ResponseKey, form: KeyForm, rule: ResponseRule, *, default_allowed: bool = False
) -> None:
    """Refuse a key of a form that the model cannot have, and one that everybody knows.

    Args:
        key: the key.
        form: what it is.
        rule: the model's rule.
        default_allowed: let one pass that everybody knows.

    Raises:
        KeyUnusable, DefaultKey: it is not to be used.
    """
    if form not in rule.key_forms:
        raise KeyUnusable(
            reason=N_("this model takes an administrator key of another form (--key-format)")
        )
    if not default_allowed and _is_default(key, form, rule):
        raise DefaultKey


def _is_default(key: ResponseKey, form: KeyForm, rule: ResponseRule) -> bool:
    if form is KeyForm.PASSWORD:
        return any(key.secret() == Secret(each) for each in rule.default_keys)
    return is_known_key(key, rule.default_keys)
