"""Where a token's administrator key is, as its row in the register says it."""

from __future__ import annotations

from lockwright.errors import KeyUnusable
from lockwright.i18n import N_
from lockwright.models import KeyForm

from lockwright_desk.helpdesk.custody.port import KeyRecord, KeyVersionOf
from lockwright_desk.store.tables.register import Custody, KeyVersion, Token


def version_of(row: KeyVersion) -> KeyVersionOf:
    """A version as a record has it."""
    return KeyVersionOf(row.number, row.label, row.mark)


def key_record(token: Token, version: KeyVersion | None) -> KeyRecord:
    """The record that the keeper is given of a token's key.

    Args:
        token: the token's row.
        version: the row that its ``key_version_id`` names; None where it names none.

    Raises:
        KeyUnusable: the bank has no key for it.
    """
    if token.custody is None or token.key_form is None:
        raise KeyUnusable(reason=N_("the bank has no administrator key for this token"))
    return KeyRecord(
        adapter=token.adapter,
        model=token.model,
        serial=token.serial,
        custody=Custody(token.custody),
        form=KeyForm(token.key_form),
        version=version_of(version) if version else None,
        label=token.key_label,
        wrapped=token.wrapped,
        seal=token.seal,
    )
