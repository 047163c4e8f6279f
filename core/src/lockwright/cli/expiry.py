"""Certificates that have expired or soon will, pointed out beside what was asked for."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from threading import Event, Lock

from lockwright.cli.documents import Document
from lockwright.cli.invocation import Invocation
from lockwright.errors import LockwrightError
from lockwright.i18n import _, ngettext
from lockwright.models import Container, ContainerState, Listing, Token
from lockwright.operations.detect import Detection
from lockwright.operations.listing import on_token


def look(run: Invocation, seen: Detection) -> list[Listing | None]:
    """The certificates that anyone may see on each token, as containers; None where unknown.

    A token that asks for no login is read as a whole, since its private keys are seen, too: those
    of one module in turn, and modules side by side.

    Args:
        run: the run.
        seen: what a look found that was for certificates, too.
    """
    tokens = seen.tokens
    turns = {token.identity.module.path: Lock() for token in tokens}
    interrupted = Event()

    def read(token: Token) -> Listing | None:
        if token.identity.login_required:
            found = seen.certificates.get(token.identity)
            return None if found is None else on_token(token, found, logged_in=False)
        with turns[token.identity.module.path], suppress(LockwrightError):
            if token.adapter is not None and not interrupted.is_set():
                return run.runner.list(token)
        return None

    with ThreadPoolExecutor(max(len(tokens), 1)) as pool:
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
    """Point out what has expired, or will within ``warn.days`` of the configuration.

    Args:
        run: the run.
        content: what is on a token; None for nothing.
        prefix: what names the token, where there are several.
    """
    now = datetime.now(UTC)
    for container in content.containers if content else ():
        if container.not_after is None:
            continue
        left = (container.not_after - now).days
        if left >= run.config.warn_days:
            continue
        told = _("The certificate of {name} has expired.")
        if container.not_after > now and container.state is ContainerState.CERTIFICATE_ONLY:
            told = ngettext(
                "The certificate of {name} is valid for {n} more day.",
                "The certificate of {name} is valid for {n} more days.",
                left,
            )
        elif container.not_after > now:
            told = ngettext(
                "The certificate of {name} is valid for {n} more day; renew it with: lockwright"
                " renew",
                "The certificate of {name} is valid for {n} more days; renew it with: lockwright"
                " renew",
                left,
            )
        run.output.note(prefix + told.format(name=container.name, n=left), style="yellow")


def _end(container: Container) -> datetime:
    return container.not_after or datetime.max.replace(tzinfo=UTC)
