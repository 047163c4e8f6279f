"""What a keeper tells of itself: its HSM, what keys it has there, and that they work; no secret."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lockwright_desk.helpdesk.custody import hsm_keys
from lockwright_desk.helpdesk.custody.errors import HsmLacks
from lockwright_desk.helpdesk.custody.hsm_keys import Kind
from lockwright_desk.helpdesk.custody.port import KeyRecord
from lockwright_desk.helpdesk.custody.session import HsmSession
from lockwright_desk.helpdesk.custody.token_keys import check_seal, known, opened
from lockwright_desk.store.tables.register import Custody


@dataclass(frozen=True, slots=True)
class Looked:
    """What was seen."""

    hsm: str
    """Manufacturer, model and label of its token."""
    keys: Mapping[str, int]
    """How many keys of each kind it has: names of ``Kind``."""
    lacking: Mapping[str, Sequence[str]]
    """Mechanisms that the HSM lacks, by the kind of key that needs them."""


def look(session: HsmSession, prefix: str, hsm: str, key: KeyRecord | None) -> Looked:
    """Look at the keys; each does once what it is for, with what everybody knows.

    Args:
        session: a session of the HSM.
        prefix: how the labels of our keys begin.
        hsm: names of the HSM.
        key: the record of a token, whose key is opened and used for nothing; None for none.

    Raises:
        HsmKeyUnfit, HsmKeyMissing: a key is not to be used.
        KeyRecordAltered, KeyUnusable: the record does not open.
        CkrError: the HSM refuses.
    """
    found = hsm_keys.labels(session, prefix)
    for label, kind in found.items():
        handle, _mark = known(session, kind, label)
        hsm_keys.mark(session, kind, handle)
    if key is not None:
        check_seal(session, prefix, key)
        if key.custody is not Custody.OPENED:  # which takes a process and a password in clear
            with opened(session, prefix, key):
                pass
    return Looked(hsm, Counter(kind.value for kind in found.values()), _lacking(session))


def _lacking(session: HsmSession) -> Mapping[str, Sequence[str]]:
    lacking: dict[str, Sequence[str]] = {}
    for kind in Kind:
        try:
            hsm_keys.demand_mechanisms(kind, session.offered, to_make=True)
        except HsmLacks as error:
            named = error.facts["mechanisms"]
            lacking[kind.value] = named if isinstance(named, tuple) else ()
    return lacking
