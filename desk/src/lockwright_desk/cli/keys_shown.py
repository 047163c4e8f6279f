"""What ``lockwright-desk keys`` shows, for people and as JSON."""

from __future__ import annotations

from collections.abc import Sequence

from lockwright.console.clean import clean
from lockwright.console.grid import Grid
from lockwright.console.screen import Console
from lockwright.console.wrapping import whole
from lockwright.i18n import _, ngettext

from lockwright_desk.helpdesk.custody.assigning import Assigned
from lockwright_desk.helpdesk.custody.importing import Imported
from lockwright_desk.helpdesk.register.shown import KeyVersionShown, TokenShown


def imported(done: Imported) -> dict[str, object]:
    """What became of a list."""
    return {
        "version": done.version,
        "taken": done.taken,
        "stored": done.stored,
        "refused": [{"line": row.line, "reason": row.reason} for row in done.refused],
    }


def tell_import(console: Console, done: Imported) -> None:
    """The same for people."""
    for row in done.refused:
        console.print(_("Line {line}: {reason}").format(line=row.line, reason=clean(row.reason)))
    told = (
        ngettext(
            "{count} key was taken in, under version {version}.",
            "{count} keys were taken in, under version {version}.",
            done.taken,
        )
        if done.stored
        else ngettext(
            "{count} key can be taken in, under version {version}; nothing was stored.",
            "{count} keys can be taken in, under version {version}; nothing was stored.",
            done.taken,
        )
    )
    console.print(told.format(count=done.taken, version=done.version))


def assigned(done: Assigned) -> dict[str, object]:
    """What became of an assignment."""
    return {
        "version": done.version,
        "assigned": done.done,
        "refused": dict(done.refused),
        "serials": list(done.serials),
    }


def tell_assign(console: Console, done: Assigned) -> None:
    """The same for people."""
    told = ngettext(
        "{count} token has a key now.", "{count} tokens have a key now.", done.done
    ).format(count=done.done)
    console.print(told)
    for code, count in done.refused.items():
        console.print(_("Without a key, {code}: {count}").format(code=code, count=count))
    for serial in done.serials:
        console.print(f"  {clean(serial)}")


def tell_rollover(
    console: Console, found: Sequence[tuple[KeyVersionShown, Sequence[TokenShown]]]
) -> None:
    """Versions before the newest, and what hangs on them."""
    if not any(tokens for _each, tokens in found):
        console.print(_("No token hangs on a version before the newest."))
    for version, tokens in found:
        console.print(
            _("{label}, made {day}: {count}").format(
                label=clean(version.label), day=f"{version.made_at:%Y-%m-%d}", count=_count(version)
            )
        )
        for token in tokens:
            console.print(f"  {clean(token.adapter)} {clean(token.model)} {clean(token.serial)}")


def tell_versions(console: Console, found: Sequence[KeyVersionShown]) -> None:
    """Versions as a table."""
    if not found:
        console.print(_("There is no version of a key yet: lockwright-desk keys make"))
        return
    table = Grid(_("Custody"), _("Version"), _("Key of the HSM"), _("Made"), _("By"), _("Tokens"))
    for each in found:
        table.add_row(
            each.custody.value,
            str(each.number),
            clean(each.label),
            whole(f"{each.made_at:%Y-%m-%d %H:%M}"),
            clean(each.made_by),
            _count(each),
        )
    console.print(table)


def _count(version: KeyVersionShown) -> str:
    return f"{version.tokens}+" if version.more else str(version.tokens)


def version_told(each: KeyVersionShown) -> dict[str, object]:
    """A version."""
    return {
        "custody": each.custody.value,
        "number": each.number,
        "label": each.label,
        "made_at": each.made_at.isoformat(),
        "made_by": each.made_by,
        "tokens": each.tokens,
        "more": each.more,
    }


def token_told(token: TokenShown) -> dict[str, object]:
    """A token."""
    return {"adapter": token.adapter, "model": token.model, "serial": token.serial}
