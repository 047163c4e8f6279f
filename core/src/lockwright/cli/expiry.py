"""Certificates that have expired or soon will, pointed out beside what was asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from threading import Event, Lock
from types import MappingProxyType
from typing import TYPE_CHECKING

from lockwright.cli import phrases
from lockwright.cli.documents import Document
from lockwright.cli.invocation import Invocation
from lockwright.console.clean import clean
from lockwright.errors import LockwrightError
from lockwright.i18n import _, ngettext
from lockwright.models import (
    Container,
    ContainerState,
    Listing,
    Token,
    TokenIdentity,
    TokenObject,
)
from lockwright.operations.listing import on_token

if TYPE_CHECKING:
    from lockwright.operations.enrolment.due import Prospect

Certificates = Mapping[TokenIdentity, Sequence[TokenObject]]
NONE_SEEN: Certificates = MappingProxyType({})


def look(
    run: Invocation, tokens: Sequence[Token], certificates: Certificates = NONE_SEEN
) -> list[Listing | None]:
    """What anyone may read on each token; None where that cannot be read; others report it.

    Tokens of one module are read in turn, and modules side by side. One that asks for no login is
    read as a whole in any case, since its private keys are seen, too.

    Args:
        run: the run.
        tokens: the tokens.
        certificates: those that were seen when they were looked for, of which containers are made.
    """
    turns = {token.identity.module.path: Lock() for token in tokens}
    interrupted = Event()

    def read(token: Token) -> Listing | None:
        seen = certificates.get(token.identity)
        if seen is not None and token.identity.login_required:
            return on_token(token, seen, logged_in=False)
        with turns[token.identity.module.path], suppress(LockwrightError):
            if token.adapter is not None and not interrupted.is_set():
                return run.runner.list(token)
        return None

    if len(tokens) < 2:  # noqa: PLR2004  # nothing is side by side
        return [read(token) for token in tokens]
    from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415  # slow to import

    with ThreadPoolExecutor(len(tokens)) as pool:
        try:
            return list(pool.map(read, tokens))
        except BaseException:
            interrupted.set()
            run.runner.close()  # what is still being read is not waited for
            raise


def soonest(content: Listing | None) -> Document | None:
    """The container whose last certificate ends first, for programs; None without any."""
    ending = [c for c in content.containers if c.not_after] if content else []
    if not ending:
        return None
    first = min(ending, key=_end)
    return {
        "container": first.name,
        "not_after": f"{_end(first):%Y-%m-%dT%H:%M:%SZ}",
        "days_left": (_end(first) - datetime.now(UTC)).days,
    }


def warn(run: Invocation, content: Listing | None, prefix: str = "") -> None:
    """Point out what has expired, will within ``warn.days``, or is due by its CA's word.

    Args:
        run: the run.
        content: what is on a token; None for nothing.
        prefix: what names the token, where there are several.
    """
    if content is None or not content.containers:
        return
    from lockwright.operations.enrolment.due import replaced  # noqa: PLC0415  # slow to import

    known = {each.container.ref: each for each in run.runner.renewals.known(content)}
    gone = replaced(content)
    for container in content.containers:
        if container.ref in gone and not _is_over(container):
            continue  # what stands in its place is looked at
        told = _told(run, container, known.get(container.ref))
        if told:
            run.output.note(prefix + told, style="yellow")


def _is_over(container: Container) -> bool:
    return _end(container) <= datetime.now(UTC)


def _told(run: Invocation, container: Container, prospect: Prospect | None) -> str:
    """What is to be said of a container's last certificate; nothing if it lasts."""
    now = datetime.now(UTC)
    if container.not_after is None:
        return ""
    left = (container.not_after - now).days
    if container.not_after <= now:
        return _("The certificate of {name} has expired.").format(name=container.name)
    if prospect is not None and prospect.wanted_by_its_ca:
        return _wanted_now(prospect, left)
    if left >= run.config.warn_days:
        return ""
    moment = None if prospect is None else prospect.moment
    if moment is not None:
        told = ngettext(
            "The certificate of {name} is valid for {n} more day; its CA wants it renewed on"
            " {date}.",
            "The certificate of {name} is valid for {n} more days; its CA wants it renewed on"
            " {date}.",
            left,
        )
        return told.format(name=container.name, n=left, date=phrases.date(moment))
    told = ngettext(
        "The certificate of {name} is valid for {n} more day; renew it with: lockwright renew",
        "The certificate of {name} is valid for {n} more days; renew it with: lockwright renew",
        left,
    )
    if container.state is ContainerState.CERTIFICATE_ONLY:
        told = ngettext(
            "The certificate of {name} is valid for {n} more day.",
            "The certificate of {name} is valid for {n} more days.",
            left,
        )
    return told.format(name=container.name, n=left)


def _wanted_now(prospect: Prospect, left: int) -> str:
    told = ngettext(
        "The CA {ca} wants the certificate of {name} renewed now, though it is valid for {n} more"
        " day; do it with: lockwright renew --due",
        "The CA {ca} wants the certificate of {name} renewed now, though it is valid for {n} more"
        " days; do it with: lockwright renew --due",
        left,
    )
    heard = prospect.heard
    ca = (heard.ca if heard is not None else "") or clean(prospect.certificate.issuer or "-")
    url = heard.info.url if heard is not None and heard.info is not None else ""
    told = told.format(ca=ca, name=prospect.container.name, n=left)
    return " ".join(filter(None, (told, url and _("(why: {url})").format(url=url))))


def _end(container: Container) -> datetime:
    return container.not_after or datetime.max.replace(tzinfo=UTC)
