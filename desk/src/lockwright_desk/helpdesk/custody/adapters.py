"""The adapters that compute Responses, imported when the keeper starts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lockwright.errors import (
    KeyUnusable,
    NotSupported,
    RequestMalformed,
    RuleNotPublic,
    UnknownVendor,
)
from lockwright.host.loaded_adapter import LoadedAdapter
from lockwright.host.protocol import AdapterRef
from lockwright.host.respond import check_key, computed, rule_of
from lockwright.i18n import N_
from lockwright.keys.response import ResponseKey
from lockwright.models import Grounds, Inquiry, KeyForm, ResponseRule
from lockwright.models.settings import Settings
from lockwright.registry import Registry
from lockwright.secret import Secret

from lockwright_desk.configuration.keeper import KeeperSettings
from lockwright_desk.helpdesk.custody.errors import PasswordNotKept
from lockwright_desk.helpdesk.custody.port import KeyRecord
from lockwright_desk.store.tables.register import Custody

_GROUNDS = Grounds("")
"""Who asks the desk is for the desk to know and to record."""


@dataclass(frozen=True, slots=True)
class Model:
    """A model, and the adapter that knows how its Response is made."""

    adapter: LoadedAdapter
    ref: AdapterRef
    settings: Settings
    name: str
    rule: ResponseRule

    def check_key(self, key: ResponseKey, form: KeyForm) -> None:
        """Refuse a key of a form that the model cannot have, and one that everybody knows.

        Raises:
            KeyUnusable, DefaultKey: it is not to be used.
        """
        check_key(key, form, self.rule)

    def check_request(self, request: bytes) -> None:
        """Refuse what is no Request of the model.

        Raises:
            RequestMalformed: it has another length.
        """
        length = self.rule.request_length
        if length is not None and len(request) != length:
            raise RequestMalformed(reason=N_("it has another length than a Request of this model"))

    def respond(self, key: ResponseKey, record: KeyRecord, request: bytes) -> Secret:
        """The Response by a key that was judged."""
        inquiry = Inquiry(record.adapter, record.model, record.serial, request)
        return computed(self.adapter, self.settings, inquiry, key, _GROUNDS)


class Adapters:
    """The adapters that are installed and allowed.

    Args:
        settings: which may be imported, and their tables.
    """

    def __init__(self, settings: KeeperSettings) -> None:
        self._settings: Mapping[str, Settings] = settings.adapters
        registry = Registry(allow=settings.allow)
        self._refs = {
            plugin.name: AdapterRef(plugin.name, plugin.value) for plugin in registry.adapters
        }
        self._loaded = {name: LoadedAdapter(ref) for name, ref in self._refs.items()}

    def model(self, adapter: str, model: str, form: KeyForm, custody: Custody) -> Model:
        """A model whose key is of a form, and in a custody that can have it.

        Raises:
            UnknownVendor: there is no such adapter.
            RuleNotPublic: how the Response of this model is made is not public.
            PasswordNotKept: it is made of a password, which this custody has not.
            KeyUnusable: this custody has passwords alone.
        """
        if adapter not in self._loaded:
            raise UnknownVendor(vendor=adapter, known=tuple(self._loaded))
        loaded, settings = self._loaded[adapter], self._settings.get(adapter, {})
        try:
            rule = rule_of(loaded, settings, model)
        except NotSupported:
            raise RuleNotPublic(model=model, adapter=adapter) from None
        password = form is KeyForm.PASSWORD or rule.key_forms <= {KeyForm.PASSWORD}
        if password and custody is not Custody.OPENED:
            raise PasswordNotKept(model=model)
        if custody is Custody.OPENED and form is not KeyForm.PASSWORD:
            raise KeyUnusable(reason=N_("this custody is for passwords"))
        return Model(loaded, self._refs[adapter], settings, model, rule)
