"""``lockwright enroll``: from a login to a certificate that works, or by hand in two steps."""

from __future__ import annotations

from pathlib import Path
from typing import TypedDict, Unpack

import click

from lockwright.cli import completing, enrolment, enrolment_by_hand, storage_choice
from lockwright.cli.enrolment_steps import followed, step_text
from lockwright.cli.invocation import Invocation
from lockwright.cli.pin_options import pin_options
from lockwright.cli.pins import Role
from lockwright.cli.program import command
from lockwright.cli.selectors import refuse_blank
from lockwright.config.authorities import OFFLINE
from lockwright.console.clean import clean
from lockwright.console.framework import option
from lockwright.console.grid import Grid
from lockwright.console.numbers import WholeNumber
from lockwright.console.screen import Console
from lockwright.console.wrapping import whole
from lockwright.enrol.journal import Entry, Step
from lockwright.i18n import N_, _
from lockwright.models import StorageKind
from lockwright.operations.enrolment.orders import Asked
from lockwright.operations.object_labels import check_object_label

HELP = N_(
    """Get a certificate for a new key, on the token or where --storage says.

    With --ca: give the login and the one-time password that the bank gave you. A key pair is made
    on the token, the CA is asked, its certificate is checked, written, and proved by a signature.
    Every step is recorded before it is taken: what was interrupted is continued with --resume
    or undone with --abandon.

    By hand, in two steps. First --csr-out with --subject: a key pair is made on the token, and its
    request, signed there, is written to a file for the CA. Then --certificate: the CA's answer is
    checked (this token's key, a trusted CA, valid now) and written beside its key."""
)


class Options(TypedDict):
    """What the command line gave."""

    ca: str | None
    login: str | None
    storage: str | None
    out: Path | None
    replace: str | None
    wait: int
    ca_fingerprint: str | None
    resume: bool
    abandon: bool
    status: bool
    csr_out: str | None
    subject: str | None
    key_type: str | None
    label: str | None
    certificate: str | None
    trust: tuple[Path, ...]


@command("enroll", text=HELP)
@option(
    "--ca",
    metavar="NAME",
    shell_complete=completing.authorities,
    text=N_("CA of the configuration, [ca.NAME]."),
)
@option("--login", metavar="LOGIN", text=N_("Login that the bank gave you."))
@storage_choice.storage_options
@pin_options(Role.OTP, Role.USER, Role.P12, Role.STORE)
@option("--replace", metavar="CONTAINER", text=N_("Remove this container once the new one works."))
@option(
    "--wait",
    type=WholeNumber(0),
    default=enrolment.USUAL_WAIT,
    metavar="SECONDS",
    text=N_(
        "Seconds to wait for the bank's decision, 120 by default; --resume does the rest later."
    ),
)
@option(
    "--ca-fingerprint",
    metavar="SHA256",
    text=N_("Fingerprint of the CA's certificate as the bank gave it, where no CA is trusted yet."),
)
@option("--resume", is_flag=True, text=N_("Continue an unfinished enrolment."))
@option("--abandon", is_flag=True, text=N_("Remove all that an unfinished enrolment made."))
@option("--status", is_flag=True, text=N_("Show what is unfinished."))
@option("--csr-out", metavar="FILE", text=N_("Make a key and write its request; - for stdout."))
@option(
    "--subject",
    metavar="NAME",
    text=N_(
        "Subject, such as CN=Anna Petrova,O=Bank,C=RU; also E, SN, GN, T, INN, INNLE, OGRN, OGRNIP,"
        " SNILS."
    ),
)
@option("--key-type", metavar="TYPE", text=N_("Such as rsa:2048 or ec:p256."))
@option("--label", text=N_("Label of the container; by default the common name."))
@option("--certificate", metavar="FILE", text=N_("Write this certificate; - for stdin."))
@option(
    "--trust",
    type=click.Path(path_type=Path),
    multiple=True,
    metavar="FILE",
    text=N_("Trusted CA certificates beside the configured ones; may be repeated."),
)
def enroll(run: Invocation, **given: Unpack[Options]) -> None:
    """One way or the other."""
    _check_usage(given)
    refuse_blank(given["replace"])
    if given["status"]:
        _status(run)
    elif given["resume"]:
        _resume(run, given)
    elif given["abandon"]:
        _abandon(run, given)
    elif given["certificate"] is not None:
        enrolment_by_hand.certificate_in(run, given["certificate"], given["trust"])
    elif given["csr_out"] is not None:
        _request_out(run, given, given["csr_out"])
    elif given["ca"] is not None:
        _enrol(run, given, given["ca"])


def _check_usage(given: Options) -> None:
    """Ways that exclude each other, and options that belong to one of them."""
    context = click.get_current_context()
    by_hand = given["csr_out"] is not None
    ways = (by_hand, given["certificate"] is not None, given["ca"] is not None and not by_hand)
    if sum((*ways, given["resume"], given["abandon"], given["status"])) != 1:
        message = _("Give one of --ca, --csr-out, --certificate, --resume, --abandon, --status.")
        raise click.UsageError(message, context)
    if by_hand and not (given["subject"] or given["ca"]):
        raise click.UsageError(_("--csr-out needs --subject."), context)
    if given["trust"] and given["certificate"] is None:
        raise click.UsageError(_("--trust goes with --certificate."), context)
    check_object_label(given["label"])
    about_key = (given["subject"], given["key_type"], given["label"])
    if any(about_key) and given["ca"] is None and not by_hand:
        message = _("--subject, --key-type and --label go with --ca or --csr-out.")
        raise click.UsageError(message, context)
    if by_hand or given["certificate"] is not None:
        _refuse_other_places(given, context)
    about_order = given["replace"] is not None or given["ca_fingerprint"]
    if (given["login"] and given["ca"] is None) or (about_order and (not given["ca"] or by_hand)):
        raise click.UsageError(_("--login, --replace and --ca-fingerprint go with --ca."), context)


def _refuse_other_places(given: Options, context: click.Context) -> None:
    if given["storage"] not in {None, StorageKind.TOKEN.value} or given["out"] is not None:
        raise click.UsageError(_("By hand a certificate goes to a token only."), context)


def _enrol(run: Invocation, given: Options, name: str) -> None:
    authorities, enrolments = run.runner.authorities, run.runner.enrolments
    known = authorities.get(name)
    enrolments.check_login(known, given["login"])
    if known.kind == OFFLINE:
        message = _("The CA {ca} is asked by hand: use --csr-out, then --certificate.")
        raise click.UsageError(message.format(ca=name), click.get_current_context())
    ca = enrolment.trusted(run, name, given["ca_fingerprint"])
    wishes = enrolment.wishes(run, ca)
    enrolment.tell_passed_over(run, ca, wishes)
    meant = storage_choice.new(run, given["storage"], given["out"])
    if given["replace"] is not None and meant.token is None:
        message = _("--replace goes with --storage token.")
        raise click.UsageError(message, click.get_current_context())
    login = enrolment.login_of(run, given["login"], ca) if wishes.login else given["login"]
    enrolments.check_subject(ca, wishes, login, given["subject"])
    old = given["replace"]
    first = None if old is None else lambda opened: opened.container(old)
    otp, storage = storage_choice.opened(run, meant, otp=wishes.login, has_key=False, first=first)
    asked = Asked(login, otp, given["subject"], given["key_type"], given["label"])
    patience = followed(run.output.steps(), meant.kind, given["wait"])
    stored = enrolments.enrol(
        storage, ca, asked, wishes=wishes, replace=given["replace"], patience=patience
    )
    enrolment.tell(run, meant, stored, removed=given["replace"] is not None)


def _resume(run: Invocation, given: Options) -> None:
    enrolments = run.runner.enrolments
    meant, entry = storage_choice.unfinished(run, given["storage"], given["out"])
    enrolments.refuse_early(entry, given["wait"])
    wanted = entry.asks_ca and entry.login is not None
    otp, storage = storage_choice.opened(run, meant, otp=wanted, has_key=True)
    patience = followed(run.output.steps(), meant.kind, given["wait"])
    stored = enrolments.resume(
        storage, password=otp, patience=patience, chosen=storage_choice.chosen(run)
    )
    enrolment.tell(run, meant, stored, removed=entry.replaces)


def _abandon(run: Invocation, given: Options) -> None:
    meant, _entry = storage_choice.unfinished(run, given["storage"], given["out"])
    storage = storage_choice.opened_to_undo(run, meant)
    with run.output.steps().step(step_text(Step.UNDOING, meant.kind)):
        chosen = storage_choice.chosen(run)
        undone = run.runner.enrolments.abandon(storage, chosen=chosen)
    run.output.answer(
        lambda: {
            **enrolment.whereabouts(meant),
            "request": None,
            "certificate": None,
            "unfinished": [],
            "undone": enrolment.document(undone),
        },
        lambda console: console.print(
            _("The enrolment is undone; nothing of it is left ({place}).").format(
                place=clean(meant.place)
            )
        ),
    )
    if undone.sent and undone.login is not None:
        run.output.note(
            _("The CA had the order: its one-time password may be used up; ask for a new one.")
        )


def _status(run: Invocation) -> None:
    found = run.runner.enrolments.unfinished()
    run.output.answer(
        lambda: {
            "token": None,
            "storage": None,
            "request": None,
            "certificate": None,
            "unfinished": [enrolment.document(entry) for entry in found],
            "undone": None,
        },
        lambda console: _show(console, found),
    )
    if found:
        run.output.note(
            _("Continue with: lockwright enroll --resume, or undo it: lockwright enroll --abandon")
        )


def _show(console: Console, found: list[Entry]) -> None:
    if not found:
        console.print(_("No enrolment is unfinished."))
        return
    from lockwright.certificates.subjects import for_people  # noqa: PLC0415  # slow to import

    table = Grid(_("Where"), _("CA"), _("Subject"), _("Begun"), _("Next step"))
    for entry in found:
        begun = "-" if entry.begun is None else f"{entry.begun.astimezone():%Y-%m-%d %H:%M}"
        step = step_text(entry.step, entry.storage)
        where, when = whole(clean(entry.place)), whole(begun)
        table.add_row(where, clean(entry.ca), clean(for_people(entry.subject)), when, step)
    console.print(table)


def _request_out(run: Invocation, given: Options, file: str) -> None:
    """By hand, with what the configuration says of a CA that is asked by hand."""
    from lockwright.operations.enrolment.agreed import LOGIN, with_login  # noqa: PLC0415  # cryptography is slow

    subject, key_type = given["subject"], given["key_type"]
    if given["ca"] is not None:
        ca = run.runner.authorities.get(given["ca"])
        subject, key_type = subject or ca.subject, key_type or ca.key_type
    if not subject:
        raise click.UsageError(_("--csr-out needs --subject."), click.get_current_context())
    if LOGIN in subject:
        subject = with_login(subject, enrolment.login_of(run, given["login"]))
    enrolment_by_hand.request_out(run, file, subject, key_type, given["label"])
