"""Objects as other programs leave them: broken, nameless, twice; see the corpus of odd tokens."""

from __future__ import annotations

from collections.abc import Sequence

from lockwright.pkcs11.constants import CKA, CKC, CKO
from lockwright.pkcs11.errors import CkrError
from lockwright.pkcs11.session import Template
from lockwright.pkcs11.standard import user_session

from lockwright_testkit.conformance.bench import Bench
from lockwright_testkit.conformance.scenes import issued

NOT_TAKEN = "the token takes no odd objects"


def _certificate(value: bytes, label: str | bytes, own_id: bytes = b"") -> Template:
    named: Template = {CKA.LABEL: label, **({CKA.ID: own_id} if own_id else {})}
    kind: Template = {CKA.CLASS: CKO.CERTIFICATE, CKA.CERTIFICATE_TYPE: CKC.X_509}
    return {**kind, CKA.TOKEN: True, CKA.SUBJECT: b"0\0", CKA.VALUE: value, **named}


def _data(label: str | bytes, *, private: bool) -> Template:
    kind: Template = {CKA.CLASS: CKO.DATA, CKA.TOKEN: True, CKA.PRIVATE: private}
    return {**kind, CKA.VALUE: b"\0\xff", **({CKA.LABEL: label} if label else {})}


def _templates() -> Sequence[Template]:
    twice = issued()
    return (
        _certificate(twice[:-9], "cut short"),
        _certificate(twice, "twice", b"\x21"),
        _certificate(twice, "twice", b"\x21"),
        _certificate(issued(), b"\xc3(" + b"x" * 250, b"\x22" * 64),
        _data("", private=True),
        _data("\x1b[31mred\r\a", private=False),
    )


def leave(bench: Bench) -> int:
    """Create them as any program of the user's may; how many the token took."""
    taken = 0
    with user_session(bench.module, bench.token, bench.pin) as session:
        for template in _templates():
            try:
                session.create(template)
            except CkrError:
                continue
            taken += 1
    return taken
