"""The steps of an enrolment as a person reads them, and what they can do while they wait."""

from __future__ import annotations

from datetime import datetime

from lockwright.console.steps import End, Steps
from lockwright.enrol.journal import Step
from lockwright.i18n import N_, _
from lockwright.models import StepNotice, StepState, StorageKind
from lockwright.operations.enrolment.context import Beside, Patience

_TEXTS: dict[str, str] = {
    Beside.ASKING: N_("Asking the CA what it wants"),
    Beside.OPENING: N_("Opening the storage"),
    Beside.KNOWING: N_("Reading the CA's certificates"),
    Step.MAKING: N_("Making the key pair"),
    Step.SIGNING: N_("Signing the request"),
    Step.SENDING: N_("Ordering the certificate"),
    Step.WAITING: N_("Waiting for the bank to decide"),
    Step.CHECKING: N_("Checking the certificate"),
    Step.WRITING: N_("Writing the certificate"),
    Step.PROVING: N_("Proving that it works"),
    Step.CLEARING: N_("Removing what is not needed"),
    Step.UNDOING: N_("Removing what was made"),
    Beside.LEARNING: N_("Finding out when to renew it"),
}
_ON_TOKEN: dict[str, str] = {
    Beside.OPENING: N_("Opening the token"),
    Step.CLEARING: N_("Removing the old container"),
}
_SLOW = frozenset({Step.MAKING, Step.WAITING})
"""Steps that can take minutes."""
_ENDS = {StepState.DONE: End.DONE, StepState.FAILED: End.FAILED, StepState.LEFT: End.LEFT}


def step_text(step: str, kind: StorageKind) -> str:
    """What is about to be done, or was.

    Args:
        step: its name, of ``Beside`` or ``lockwright.enrol.journal.Step``.
        kind: where the key and the certificate go.
    """
    texts = _TEXTS | _ON_TOKEN if kind is StorageKind.TOKEN else _TEXTS
    return _(texts[step])


def followed(steps: Steps, kind: StorageKind, wait: int) -> Patience:
    """Show each step of an enrolment.

    Args:
        steps: shows them.
        kind: where the key and the certificate go.
        wait: seconds that the CA may take to decide.
    """

    def tell(notice: StepNotice) -> None:
        match notice.state:
            case StepState.BEGUN:
                slow = notice.step in _SLOW
                steps.begins(step_text(notice.step, kind), _meanwhile(notice), slow=slow)
            case StepState.GOES_ON:
                steps.goes_on(_meanwhile(notice))
            case how:
                steps.ends(_ENDS[how])

    return Patience(wait, tell)


def _meanwhile(notice: StepNotice) -> str:
    """What a person should know while it is taken, in lines; may be empty."""
    if notice.step == Step.MAKING:
        return _("This can take minutes.")
    if notice.until is None or notice.end is None:
        return ""
    when = _("Asking again at {time}, giving up at {end}.")
    ways = _("Ctrl-C leaves it for later; go on then with: lockwright enroll --resume")
    return f"{when.format(time=_clock(notice.until), end=_clock(notice.end))}\n{ways}"


def _clock(moment: datetime) -> str:
    """A time as a clock shows it here; of another day with its date."""
    here = moment.astimezone()
    today = datetime.now().astimezone().date()
    return f"{here:%H:%M:%S}" if here.date() == today else f"{here:%Y-%m-%d %H:%M:%S}"
