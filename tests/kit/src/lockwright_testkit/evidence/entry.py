"""A token in ``evidence.toml``: what a report says of it, and the text of that."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from lockwright.contract.audit_facts import digest

from lockwright_testkit.evidence import text as text_of
from lockwright_testkit.evidence.project import named
from lockwright_testkit.evidence.words import words

_ODD = re.compile(r"[^A-Za-z0-9.-]+")
_BEGIN = "[[tested]]"


@dataclass(frozen=True)
class Entry:
    """A token, and what each hook did on it."""

    token: str
    """The suite's title, or of one that a person accepted model and serial number."""
    kind: str
    """What it is, of ``kinds.KINDS``."""
    bindings: tuple[str, ...]
    since: date
    hooks: Mapping[str, str]
    report: str = ""
    """Of one that a person accepted: name of the report beside the adapter."""
    version: str = ""
    """Of the adapter that did it."""
    signer: str = ""
    """Who signed the report, RFC 4514."""

    def replaces(self, before: Mapping[str, Any]) -> bool:
        """Whether it is of the same token: one report, or one title of the suite.

        Args:
            before: as ``evidence.toml`` has it.
        """
        if self.report:
            return bool(before.get("report") == self.report)
        return "report" not in before and before.get("token") == self.token

    @property
    def text(self) -> str:
        """As TOML."""
        accepted = {"report": self.report, "version": self.version, "signer": self.signer}
        lines = [
            _BEGIN,
            f"token = {quoted(self.token)}",
            f"kind = {quoted(self.kind)}",
            f"bindings = [{', '.join(map(quoted, self.bindings))}]",
            *(f"{name} = {quoted(told)}" for name, told in accepted.items() if self.report),
            f"since = {self.since.isoformat()}",
            "",
            "[tested.hooks]",
            *(f"{hook} = {quoted(word)}" for hook, word in self.hooks.items()),
        ]
        return "\n".join(lines) + "\n"


def entry(report: Mapping[str, Any], kind: str, signer: str) -> Entry:
    """What a report says.

    Args:
        report: as ``acceptance.report.read`` gives it.
        kind: what the token is, of ``kinds.KINDS``.
        signer: who signed it.
    """
    token = report["token"]
    return Entry(
        token=f"{token['model']} {token['serial']}",
        kind=kind,
        bindings=(token["binding"] or "not told",),
        report=f"certified-{_name_of(token)}.json",
        version=named(report["versions"]["adapter"])[1],
        signer=signer,
        since=datetime.fromisoformat(report["ended"]).date(),
        hooks=words(report),
    )


def put(text: str, new: Entry) -> str:
    """The text of ``evidence.toml`` with a token in it, in place of what was said of it before.

    Args:
        text: as it is.
        new: the token.

    Raises:
        Odd: it is none that a program can change.
    """
    return text_of.put(text, new.text, new.replaces)


def _name_of(token: Mapping[str, Any]) -> str:
    """The serial number as a name, and what tells apart tokens that have one name so far."""
    told = json.dumps([token[name] for name in ("manufacturer", "model", "serial")])
    return f"{_ODD.sub('-', token['serial']).strip('-.')}-{digest(told.encode())[:8]}".strip("-")


def quoted(text: str) -> str:
    """A text as TOML has it: as JSON, but for DEL."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
