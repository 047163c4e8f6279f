"""The Python API of the bank's side: answer the Request that a client dictated."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self, cast

from lockwright.audit.actor import account
from lockwright.calls.adapters import audit_wrapper, manager_of
from lockwright.config import Config
from lockwright.contract.taken_secrets import doors
from lockwright.errors import GroundsMissing
from lockwright.host.hosts import care_of
from lockwright.host.parent import ChildHost
from lockwright.host.protocol import AdapterRef, Respond
from lockwright.host.proxy import RemoteResponder
from lockwright.host.respond import Bankside
from lockwright.keys.mark import Marks, key_mark
from lockwright.keys.source import GivenKey, HsmKey, KeySource
from lockwright.ledger import Answer, Ledger
from lockwright.models import Grounds, Inquiry, ResponseRule
from lockwright.models.settings import Settings
from lockwright.operations.responding.answered_once import AnsweredOnce
from lockwright.operations.responding.hosts import Answering, EachAlone, Host, StayingOpen
from lockwright.operations.responding.shared_ledger import SharedLedger
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

    So each answer has a child process of its own. Within ``with responder:`` processes stay open,
    for as many threads as ask; that is for a program that answers often.

    A Response is an administrator's authentication: anyone with it and the token can set its PIN.
    Before asking for one make sure of the caller, take the serial number from the bank's own
    record of the client, and compare ``lockwright.spoken.request_check`` with the client.

    Args:
        config: the configuration; None for all defaults.
        isolate: answer in a child process, where the key lives no longer than the answer takes.
        at_once: how many answers are made at once for one adapter and one token of an HSM, where
            it stays open; others wait.
        verbose: show what modules write to stderr.
        registry: the plugins; None for the installed ones the configuration allows.

    Raises:
        PluginRequired: a plugin that the configuration requires is not loaded.
        ValueError: nothing is to be answered at once.
    """

    def __init__(
        self,
        config: Config | None = None,
        *,
        isolate: bool = True,
        at_once: int = 4,
        verbose: bool = False,
        registry: Registry | None = None,
    ) -> None:
        self.config = config or Config()
        self.registry = registry or Registry(allow=self.config.allow, files=self.config.files)
        self.registry.require(self.config.require)
        if at_once < 1:
            raise ValueError("at_once is to be 1 at least")
        self._hosts = _Hosts(self.config, self.registry, apart=isolate, verbose=verbose)
        self._at_once = at_once
        self._open: StayingOpen | None = None
        self._prepare(EachAlone(self._hosts), together=False)

    def __enter__(self) -> Self:
        if self._open is not None:
            raise RuntimeError("this Responder was opened before; make a new one")
        self._open = StayingOpen(self._hosts, self._at_once)
        self._prepare(self._open, together=True)
        return self

    def __exit__(self, *_exc: object) -> None:
        self.close()

    def close(self) -> None:
        """Wait for the answers that are being made, and end the processes that stay open.

        Nothing is answered afterwards. Where none stay open, nothing happens.
        """
        if self._open is not None:
            self._open.close()

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
        with self._inside():
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
        with self._inside():
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

    def _prepare(self, answering: Answering, *, together: bool) -> None:
        """Put together what stands around an answer."""

        def answer(vendor: str, asked: Respond) -> Secret:
            self._rule(vendor, asked.model)
            return answering.respond(vendor, asked)

        self._ledger = (SharedLedger if together else Ledger)(
            self.config.ledger_file, self.config.limits
        )
        mark = Marks() if together else key_mark
        self._hook = manager_of(
            [RemoteResponder(answer)],
            (
                *audit_wrapper(self.config.audit, self.registry, together=together),
                *self.registry.wrappers,
                AnsweredOnce(self._ledger, answering.recognise, mark),
            ),
            self.config.deadlines.plugin,
        ).hook

    @contextmanager
    def _inside(self) -> Iterator[None]:
        """Stands around what an open Responder waits for when it is closed."""
        if self._open is None:
            yield
            return
        with self._open.door():
            yield

    def _rule(self, vendor: str, model: str) -> ResponseRule:
        return self.registry.response_rule(vendor, model, self.config.adapters.get(vendor, {}))

    def _serial(self, inquiry: Inquiry) -> str:
        """The one form of a serial number, also of an inquiry that was made by hand."""
        return read_serial(inquiry.serial, self._rule(inquiry.vendor, inquiry.model).serial)


class _Hosts:
    """Makes the hosts in which a Responder has its answers made.

    Args:
        config: the configuration.
        registry: the plugins.
        apart: whether each is a process of its own.
        verbose: whether what modules write to stderr is shown.
    """

    def __init__(self, config: Config, registry: Registry, *, apart: bool, verbose: bool) -> None:
        self.apart = apart
        self._config = config
        self._registry = registry
        self._verbose = verbose

    def adapter(self, vendor: str) -> tuple[AdapterRef, Settings]:
        """An adapter, and its table of the configuration."""
        ref = AdapterRef(vendor, self._registry.plugin(vendor).value)
        return ref, self._config.adapters.get(vendor, {})

    def host(self, vendor: str, module: Path | None, *, stays: bool = False) -> Host:
        """A host for an adapter and an HSM's module, in which a login stays or does not."""
        (ref, settings), deadlines = self.adapter(vendor), self._config.deadlines
        care = care_of(deadlines)
        if not self.apart:
            return Bankside(ref, settings, care, stays=stays)
        return ChildHost(
            ref,
            module,
            settings,
            deadlines=deadlines,
            care=care,
            verbose=self._verbose,
            stays=stays,
        )
