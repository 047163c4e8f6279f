"""``lockwright-four-eyes``: the second person sees what is asked for, and signs it."""

from __future__ import annotations

import getpass
import sys
from argparse import ArgumentParser, Namespace
from functools import partial
from pathlib import Path

from cryptography.hazmat.primitives.serialization import load_pem_private_key
from lockwright import Runner, Secret, i18n
from lockwright.audit.actor import account
from lockwright.config import load
from lockwright.contract import hooks
from lockwright.errors import LockwrightError, reason_of
from lockwright.explain import explain
from lockwright.i18n import N_, _

from lockwright_four_eyes.consent import Sign, consent, signs
from lockwright_four_eyes.exchange import Exchange
from lockwright_four_eyes.settings import Settings, read, settings_file
from lockwright_four_eyes.subject import Subject

_REFUSED = 1
_OTHERS = 0o077
_NOT_ASKED = N_("nothing of that name is asked for")


def main(arguments: list[str] | None = None, file: Path | None = None) -> int:
    """List what is asked for, or consent to it; the exit code.

    Args:
        arguments: the command line.
        file: the settings instead of those of this Python environment, for tests.
    """
    i18n.use(None)
    given = _parser().parse_args(arguments)
    try:
        settings = read(file or settings_file())
        exchange = Exchange(settings.folder)
        if given.command == "list":
            for subject in exchange.waiting():
                _show(subject)
            return 0
        return _approve(settings, exchange, given)
    except LockwrightError as error:
        told = explain(error)
        reason = " ".join(filter(None, (told.message, told.advice)))
    except OSError as error:
        reason = reason_of(error)
    except (TypeError, ValueError) as error:
        reason = str(error)
    sys.stderr.write(f"lockwright-four-eyes: {_plain(reason)}\n")
    return _REFUSED


def _approve(settings: Settings, exchange: Exchange, given: Namespace) -> int:
    subject = next((each for each in exchange.waiting() if each["id"] == given.id), None)
    if subject is None:
        raise ValueError(_(_NOT_ASKED))
    approver = given.approver or account()
    known = settings.approvers.get(approver)
    if known is None:
        raise ValueError(_("{name} is none of those who may consent").format(name=approver))
    _show(subject)
    typed = input(_("To agree, type the token's serial number: "))
    if typed.strip() != subject["token"]["serial"]:
        raise ValueError(_("that is not its serial number; nothing was agreed to"))
    sign = _of_file(given.key) if given.key else partial(_on_token, given.token, known.public_key)
    made = consent(subject, approver, sign)
    if reason := made.wrong(settings, str(subject["asked_by"]["user"])):
        raise ValueError(reason)
    exchange.answer(made)
    minutes = int(settings.lifetime.total_seconds() // 60)
    said = i18n.ngettext(
        "Agreed. It is good once, for {n} minute.",
        "Agreed. It is good once, for {n} minutes.",
        minutes,
    )
    sys.stdout.write(said.format(n=minutes) + "\n")
    return 0


def _show(subject: Subject) -> None:
    """What is asked for, as it is signed: the operation, the token, and all that would go."""
    declared = hooks.HOOKS.get(str(subject["operation"]))
    doing = _(declared.doing) if declared else subject["operation"]
    token, by = subject["token"], subject["asked_by"]
    lines = [
        f"{subject['id']}  {doing}",
        _("  token:    {serial}  {label}  {model}").format_map({"label": "", **token}),
        _("  asked by: {user} at {host}, {time}").format(**by, time=subject["asked_at"]),
        *(f"  {name}: {value}" for name, value in subject["facts"].items() if name != "refs"),
        *(_gone(each) for each in subject["goes"]),
    ]
    if subject["plan"] is None and declared and declared.destroys:
        lines.append(_("  What is on the token was not looked at before."))
    sys.stdout.write("\n".join(map(_plain, lines)) + "\n")


def _gone(each: dict[str, str]) -> str:
    told = _("  goes:     {kind}  {label}  (id {id})")
    return told.format_map({"kind": each["ref"], "label": "", "id": "", **each})


def _of_file(key: Path) -> Sign:
    """Signs with a key file, which is for its owner's eyes only."""
    if key.stat().st_mode & _OTHERS:
        raise ValueError(_("others may read {file}: chmod 600 {file}").format(file=key))
    content = key.read_bytes()
    phrase = getpass.getpass(_("Passphrase of the key: ")) if b"ENCRYPTED" in content else None
    return signs(load_pem_private_key(content, phrase.encode() if phrase else None))


def _on_token(serial: str, public_key: bytes, data: bytes) -> bytes:
    """Sign with the approver's own token, by lockwright."""
    with Runner(load(None)) as runner:
        token = runner.find(serial)
        if sys.stdin.isatty():
            typed = getpass.getpass(_("User PIN of your own token: "))
        else:
            typed = sys.stdin.readline().rstrip("\n")
        with Secret(typed) as pin:
            return runner.sign(token, pin, public_key, data)


def _plain(text: str) -> str:
    """A text of one line that moves no cursor, whoever wrote it."""
    return "".join(each if each.isprintable() else "\ufffd" for each in text)


def _parser() -> ArgumentParser:
    parser = ArgumentParser(prog="lockwright-four-eyes", description=_("A second person agrees."))
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("list", help=_("show what is asked for"))
    approve = commands.add_parser("approve", help=_("agree to what is asked for"))
    approve.add_argument("id", help=_("what is asked for, as list names it"))
    approve.add_argument("--as", dest="approver", help=_("who you are; your account else"))
    ways = approve.add_mutually_exclusive_group(required=True)
    ways.add_argument("--token", metavar="SERIAL", help=_("sign with your own token"))
    ways.add_argument("--key", type=Path, metavar="FILE", help=_("sign with a key file, PEM"))
    return parser


if __name__ == "__main__":
    sys.exit(main())
