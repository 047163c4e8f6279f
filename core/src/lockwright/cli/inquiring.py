"""What ``respond`` needs to know of a Request: as it was given, or asked for until it can be."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from lockwright.cli.invocation import Invocation
from lockwright.console.clean import clean
from lockwright.console.failures import described
from lockwright.contract.adapter_class import Kind
from lockwright.errors import (
    LockwrightError,
    RequestMalformed,
    RuleNotPublic,
    SerialMalformed,
    UnknownVendor,
)
from lockwright.i18n import _
from lockwright.models import Inquiry, ResponseRule
from lockwright.spoken import Heard, read_serial, spell
from lockwright.spoken.typed import differing, marked, read

_T = TypeVar("_T")
_MISTYPED = (UnknownVendor, RuleNotPublic, SerialMalformed, RequestMalformed)


class Inquiring:
    """Gets the parts of an ``Inquiry``. Where somebody is there, what is wrong is asked again.

    Args:
        run: the command.
    """

    def __init__(self, run: Invocation) -> None:
        self._run = run

    def inquiry(
        self, vendor: str | None, model: str | None, serial: str | None, request: str | None
    ) -> Inquiry:
        """All of it.

        Args:
            vendor: what was given; None has it asked for, as with the others.
            model: model of the client's token.
            serial: its serial number.
            request: the Request as it was heard.

        Raises:
            UnknownVendor, RuleNotPublic, SerialMalformed, RequestMalformed: it was given so, and
                nobody can be asked.
            Interrupted: the person ended it.
        """
        vendor = self._until(vendor, self._ask_vendor, self._known)
        model, rule = self._until(
            model, lambda: self._ask_model(vendor), lambda typed: self._rule(vendor, typed)
        )
        known = self._until(serial, self._ask_serial, lambda typed: read_serial(typed, rule.serial))
        heard = self._until(
            request, self._ask_request, lambda typed: self._read(typed, rule.request_length)
        )
        return Inquiry(vendor, model, known, heard)

    def once_more(self, inquiry: Inquiry) -> Inquiry:
        """The serial number and the Request, once more; what is left empty stays as it is.

        Raises:
            Interrupted: the person ended it.
        """
        rule = self._rule(inquiry.vendor, inquiry.model)[1]
        say = self._run.terminal.say
        say(_("One of them was misheard. Enter alone leaves a line as it is; Ctrl-C ends."))
        serial = self._until(
            None,
            self._ask_serial,
            lambda typed: read_serial(typed, rule.serial) if typed else inquiry.serial,
        )
        request = self._until(
            None,
            self._ask_request,
            lambda typed: self._read(typed, rule.request_length) if typed else inquiry.request,
        )
        before, after = spell(inquiry.request), spell(request)
        if len(before) == len(after) and before != after:
            for line in (before, after, differing(before, after)):
                self._run.terminal.write(f"    {line}\n")
        return Inquiry(inquiry.vendor, inquiry.model, serial, request)

    def _until(self, given: str | None, ask: Callable[[], str], read_it: Callable[[str], _T]) -> _T:
        """What is read of what was given, or of what a person types until it can be read."""
        while True:
            typed = ask() if given is None else given
            try:
                return read_it(typed)
            except _MISTYPED as error:
                if not self._run.terminal.there:
                    raise
                self._tell(error)
            given = None

    def _tell(self, error: LockwrightError) -> None:
        told = described(error)
        self._run.terminal.say(clean(f"{told.message} {told.advice}".strip()))

    def _ask_vendor(self) -> str:
        return self._picked(_("Adapter of the client's token"), self._vendors())

    def _ask_model(self, vendor: str) -> str:
        registry, tables = self._run.responder.registry, self._run.config.adapters
        offered = registry.response_models(vendor, tables.get(vendor, {}))
        return self._picked(_("Model of the client's token"), offered)

    def _ask_serial(self) -> str:
        return self._run.terminal.line(_("Serial number, from the record of the client:"))

    def _ask_request(self) -> str:
        return self._run.terminal.line(_("Request:"))

    def _picked(self, what: str, offered: Sequence[str]) -> str:
        """One of those that are offered, by its number; another by its name."""
        for number, name in enumerate(offered, 1):
            self._run.terminal.say(f"  {number}. {clean(name)}")
        asked = _("{what}, by its name:") if not offered else _("{what}, by its number or name:")
        typed = ""
        while not typed:
            typed = self._run.terminal.line(asked.format(what=what))
        if typed.isdecimal() and 1 <= int(typed) <= len(offered):
            return offered[int(typed) - 1]
        return next((name for name in offered if name.casefold() == typed.casefold()), typed)

    def _vendors(self) -> Sequence[str]:
        """The adapters that have a rule for some model."""
        return [
            plugin.name
            for plugin in self._run.responder.registry.adapters
            if (answer := plugin.answers.get("response_rule")) is not None
            and answer.kind is not Kind.NOT_OFFERED
        ]

    def _known(self, vendor: str) -> str:
        known = tuple(plugin.name for plugin in self._run.responder.registry.adapters)
        if vendor not in known:
            raise UnknownVendor(vendor=vendor, known=known)
        return vendor

    def _rule(self, vendor: str, model: str) -> tuple[str, ResponseRule]:
        settings = self._run.config.adapters.get(vendor, {})
        return model, self._run.responder.registry.response_rule(vendor, model, settings)

    def _read(self, typed: str, length: int | None) -> bytes:
        """A Request; the places that are wrong are marked below it."""
        try:
            heard: Heard[bytes] = read(typed, length)
        except RequestMalformed:
            if self._run.terminal.there and (carets := marked(typed)):
                self._run.terminal.write(f"    {clean(typed)}\n    {carets}\n")
            raise
        for note in heard.notes:
            self._run.output.note(_(note))
        return heard.value
