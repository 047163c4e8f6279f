"""What is known of renewals, for programs; the shape is that of the files in ``schemas``."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from lockwright.cli.documents import Document
from lockwright.cli.invocation import Invocation
from lockwright.models import Listing

if TYPE_CHECKING:
    from lockwright.operations.enrolment.due import Prospect


def renewals(run: Invocation, content: Listing | None) -> list[Document]:
    """Every certificate of a token that can be renewed; nobody is asked for it."""
    if content is None or not content.containers:
        return []
    return [prospect(each) for each in run.runner.renewals.known(content)]


def prospect(found: Prospect) -> Document:
    """One certificate, and what is known of its renewal."""
    heard = found.heard
    info = None if heard is None else heard.info
    return {
        "container": found.container.selector,
        "label": found.container.name,
        "fingerprint": found.certificate.fingerprint,
        "not_after": _moment(found.ends),
        "days_left": (found.ends - datetime.now(UTC)).days,
        "cas": list(found.cas),
        "why": None if found.why is None else found.why.value,
        "moment": _moment(found.moment),
        "window": info and {"start": _moment(info.start), "end": _moment(info.end)},
        "url": info.url if info is not None and info.url else None,
        "asked": None if heard is None else _moment(heard.asked),
    }


def _moment(moment: datetime | None) -> str | None:
    return None if moment is None else f"{moment:%Y-%m-%dT%H:%M:%SZ}"
