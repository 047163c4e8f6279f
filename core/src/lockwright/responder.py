"""The Python API of the bank's side: answer the Request that a client dictated."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import cast

from lockwright.audit.actor import account
from lockwright.calls.adapters import audit_wrapper, manager_of
from lockwright.config import Config
from lockwright.contract.taken_secrets import doors
from lockwright.errors import GroundsMissing
from lockwright.host import respond
from lockwright.host.hosts import care_of
from lockwright.host.parent import ChildHost
from lockwright.host.protocol import AdapterRef, Care, Respond
from lockwright.host.proxy import RemoteResponder
from lockwright.keys.source import GivenKey, HsmKey, KeySource
from lockwright.ledger import Answer, Ledger
from lockwright.models import Grounds, Inquiry, ResponseRule
from lockwright.operations.answered_once import AnsweredOnce
from lockwright.registry import Registry
from lockwright.secret import Secret
from lockwright.spoken import Heard, read_request, read_serial


@doors()
class Responder:
    """Answers Requests; what ``lockwright respond`` does, for a program. No token is needed.

    It is used like this::

        responder = Responder()
        inquiry = responder.inquire(vendor, model, serial, "A892 D756 0161 7C5D").value
        with responder.respond(inquiry, key, Grounds("anna", ticket="4711")) as response:
            ...

    A Response is an administrator's authentication: anyone with it and the token can set its PIN.
    Before asking for one make sure of the caller, take the serial number from the bank's own
    record of the client, and compare ``lockwright.spoken.request_check`` with the client.

    Args:
        config: the configuration; None for all defaults.
        isolate: answer in a child process, where the key lives no longer than the answer takes.
        verbose: show what modules write to stderr.
        registry: the plugins; None for the installed ones the configuration allows.

    Raises:
        PluginRequired: a plugin that the configuration requires is not loaded.
    """

    def __init__(
        self,
        config: Config | None = None,
        *,
        isolate: bool = True,
        verbose: bool = False,
        registry: Registry | None = None,
    ) -> None:
        self.config = config or Config()
        self.registry = registry or Registry(allow=self.config.allow, files=self.config.files)
        self.registry.require(self.config.require)
        self._isolate = isolate
        self._verbose = verbose
        self._ledger = Ledger(self.config.ledger_file, self.config.limits)
        self._hook = manager_of(
            [RemoteResponder(self._answer)],
            (
                *audit_wrapper(self.config.audit, self.registry),
                *self.registry.wrappers,
                AnsweredOnce(self._ledger, self._recognised),
            ),
            self.config.deadlines.plugin,
        ).hook

    def inquire(self, vendor: str, model: str, serial: str, request: str) -> Heard[Inquiry]:
        """Read a Request before anybody is asked for a key.

        Args:
            vendor: name of the adapter of the client's token.
            model: model of the client's token.
            serial: serial number of the client's token, from the bank's own record: a Request
                names no token, so the one who picks the serial number picks the key.
            request: the Request as it was read out; see ``lockwright.spoken.read_request``.

        Returns:
            The Request, and what was read otherwise than it was typed.

        Raises:
            UnknownVendor: there is no such adapter.
            RuleNotPublic: how the Response of this model is made is not public.
            SerialMalformed: it is not a serial number of this model.
            RequestMalformed: it is not a Request of this model.
        """
        rule = self._rule(vendor, model)
        read = read_serial(serial, rule.serial)
        heard = read_request(request, rule.request_length)
        return Heard(Inquiry(vendor, model, read, heard.value), heard.notes)

    def check(self, inquiry: Inquiry) -> None:
        """Make sure that a Request may be answered, before anybody is asked for a key.

        Raises:
            RequestAnswered, TooManyAnswers: it may not.
            SerialMalformed: it is for no token of this model.
            LedgerUnusable: nobody can say.
        """
        self._ledger.check(Answer(inquiry.request, self._serial(inquiry), account()))

    def respond(self, inquiry: Inquiry, key: KeySource, grounds: Grounds) -> Secret:
        """Compute the Response; it is noted as given before it is returned.

        Args:
            inquiry: the Request.
            key: the administrator key of that very token; it is not wiped.
            grounds: who answers and why.

        Returns:
            The Response, which is the caller's to wipe.

        Raises:
            GroundsMissing: who and why is not said.
            UnknownVendor, RuleNotPublic, SerialMalformed: it was no Request that can be answered.
            RequestAnswered, TooManyAnswers: it may not be answered.
            KeyUnusable, DefaultKey: the key is not to be used.
            PinError, ModuleError: an HSM does not let us in.
            AdapterBroken: the adapter failed.
            AuditError: it cannot be recorded.
        """
        if not isinstance(key, GivenKey | HsmKey):
            raise TypeError(f"key is to be a GivenKey or an HsmKey, not {type(key).__name__}")
        if not grounds.operator or not (grounds.reason or grounds.ticket):
            raise GroundsMissing
        response = self._hook.lockwright_respond(
            vendor=inquiry.vendor,
            model=inquiry.model,
            serial=self._serial(inquiry),
            challenge=inquiry.request,
            key=key,
            settings={},
            grounds=grounds,
        )
        return cast("Secret", response)

    def _rule(self, vendor: str, model: str) -> ResponseRule:
        return self.registry.response_rule(vendor, model, self.config.adapters.get(vendor, {}))

    def _serial(self, inquiry: Inquiry) -> str:
        """The one form of a serial number, also of an inquiry that was made by hand."""
        return read_serial(inquiry.serial, self._rule(inquiry.vendor, inquiry.model).serial)

    def _answer(self, vendor: str, asked: Respond) -> Secret:
        settings = self.config.adapters.get(vendor, {})
        self.registry.response_rule(vendor, asked.model, settings)
        if not self._isolate:
            return respond.respond(self._ref(vendor), settings, asked, self._care)
        module = asked.key.module if isinstance(asked.key, HsmKey) else None
        with closing(self._host(vendor, module)) as host:
            return host.respond(asked)

    def _recognised(self, vendor: str, key: HsmKey) -> bytes:
        if not self._isolate:
            return respond.recognised(key, self._care)
        with closing(self._host(vendor, key.module)) as host:
            return host.recognise(key)

    @property
    def _care(self) -> Care:
        return care_of(self.config.deadlines)

    def _ref(self, vendor: str) -> AdapterRef:
        return AdapterRef(vendor, self.registry.plugin(vendor).value)

    def _host(self, vendor: str, module: Path | None) -> ChildHost:
        return ChildHost(
            self._ref(vendor),
            module,
            self.config.adapters.get(vendor, {}),
            deadlines=self.config.deadlines,
            care=self._care,
            verbose=self._verbose,
        )
