"""States, numbers and dates as people read them, in the language in use."""

from __future__ import annotations

from datetime import datetime

from lockwright.certificates import key_names
from lockwright.console.clean import clean
from lockwright.i18n import _, ngettext
from lockwright.models import (
    Certificate,
    ContainerState,
    Memory,
    PinState,
    PinStatus,
    Remark,
    StoredCertificate,
    TokenIdentity,
    TokenObject,
    UnblockWay,
    Waits,
)
from lockwright.operations.object_names import kind


def unknown() -> str:
    """What is shown where a token does not tell."""
    return _("unknown")


def pin_state(status: PinStatus | None) -> str:
    """The state of a PIN."""
    if status is None:
        return unknown()
    return {
        PinState.OK: _("in order"),
        PinState.COUNT_LOW: _("wrong tries made"),
        PinState.FINAL_TRY: _("last try"),
        PinState.LOCKED: _("locked"),
        PinState.TO_BE_CHANGED: _("to be changed"),
        PinState.NOT_SET: _("not set"),
    }[status.state]


def tries_left(status: PinStatus | None) -> str:
    """How many tries of a PIN are left."""
    if status is None or status.tries_left is None:
        return _("tries left: unknown")
    return _("tries left: {number}").format(number=status.tries_left)


def blank(found: TokenIdentity) -> str:
    """A token that was never initialised: what it is, and where."""
    told = _("Blank, never initialised: {model} in {place} (slot {slot}).")
    return told.format(
        model=clean(found.model) or _("a token"),
        place=clean(found.slot_description) or clean(found.module.path.name),
        slot=found.slot,
    )


def waits(found: Waits) -> str:
    """A token that waits for a Response in another program: which, and where to end that."""
    told = _(
        "{label} {serial} waits for the Response to its Request in another program: {program},"
        " process {pid}, since {since}, until {until} at the latest."
    )
    return told.format(
        label=clean(found.token.label),
        serial=clean(found.token.serial),
        program=clean(found.program),
        pid=found.pid,
        since=f"{found.since.astimezone():%H:%M}",
        until=f"{found.until.astimezone():%H:%M}",
    )


def traits(identity: TokenIdentity) -> list[str]:
    """What is unusual about the use of a token, in a few words each."""
    told = (
        (identity.write_protected, _("write-protected")),
        (identity.pin_pad, _("has a PIN pad")),
        (not identity.login_required, _("asks for no PIN")),
    )
    return [words for is_so, words in told if is_so]


def memory(found: Memory | None) -> str:
    """Free memory of a token."""
    if found is None:
        return unknown()
    return _("{free} of {total} free").format(free=_size(found.free), total=_size(found.total))


def container_state(state: ContainerState) -> str:
    """Whether a container is whole."""
    return {
        ContainerState.COMPLETE: _("complete"),
        ContainerState.KEY_ONLY: _("key only"),
        ContainerState.CERTIFICATE_ONLY: _("certificate only, no private key"),
        ContainerState.PUBLIC_KEY_ONLY: _("public key only"),
        ContainerState.NOT_SEEN: _("private key not seen without login"),
    }[state]


def remark(found: Remark) -> str:
    """What is odd about a container."""
    return {
        Remark.SHARES_ID: _("same id as another key"),
        Remark.IDS_DIFFER: _("its objects have several ids"),
        Remark.BY_ID: _("together by id alone"),
        Remark.UNCLEAR: _("which public key is its own is unclear"),
        Remark.COPY: _("the key is there more than once"),
    }[found]


def unblock_way(way: UnblockWay) -> str:
    """A way to unblock."""
    return {
        UnblockWay.SO_PIN: _("SO PIN"),
        UnblockWay.PUK: _("PUK"),
        UnblockWay.CHALLENGE: _("Request and Response"),
        UnblockWay.TIMEOUT: _("waiting"),
    }[way]


def days(certificate: Certificate, now: datetime) -> str:
    """How long a certificate is still valid, or since when it is not."""
    left = certificate.days_left(now)
    if left is None:
        return _("cannot be read")
    if certificate.not_before is not None and certificate.not_before > now:
        return _("not valid yet")
    if certificate.expired(now):
        return _("expired")
    return ngettext("{number} day left", "{number} days left", left).format(number=left)


def date(moment: datetime | None) -> str:
    """A day, as ISO 8601 writes it."""
    return "" if moment is None else moment.date().isoformat()


def what(obj: TokenObject) -> list[str]:
    """What an object is, its key type, and whether that is all that is known of it, a line each."""
    told = [kind(obj)]
    if obj.key_type:
        told.append(key_names.in_words(obj.key_type))
    return [*told, _("cannot be read")] if obj.unreadable else told


def stored(certificate: StoredCertificate) -> str:
    """What a certificate that was just written is called by, as its key is."""
    label = certificate.label if certificate.label.strip() else ""
    return label or certificate.id.hex() or certificate.fingerprint[:12]


def _size(number: int) -> str:
    if number >= 10 * 1024:
        return f"{number / 1024:.0f} KiB"
    return ngettext("{n} byte", "{n} bytes", number).format(n=number)
