"""What went wrong, shown at the edge: a few lines on stderr, or a JSON document on stdout."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import field

import click

from lockwright.console.clean import clean
from lockwright.console.output import write_json
from lockwright.console.screen import Console
from lockwright.errors import NOTHING, Fact, Interrupted, LockwrightError
from lockwright.explain import explain
from lockwright.i18n import _
from lockwright.records import dataclass

_USAGE = "usage"


@dataclass(frozen=True, slots=True)
class Failure:
    """An error as it is shown."""

    code: str
    """Stable name for programs."""
    exit_code: int
    """Exit code of the program."""
    message: str
    """What happened."""
    cost: str = ""
    """What it cost."""
    advice: str = ""
    """What to do next."""
    details: tuple[str, ...] = ()
    """Single points of the message."""
    ckr: int | None = None
    """PKCS#11 return value behind it."""
    adapter: str | None = None
    """Adapter it came from."""
    facts: dict[str, Fact] = field(default_factory=dict)
    """The values the message was made of."""

    def document(self) -> dict[str, object]:
        """The error for programs; its shape is ``schemas/error.json``."""
        return {
            "code": self.code,
            "message": self.message,
            "cost": self.cost,
            "advice": self.advice,
            "details": list(self.details),
            "ckr": None if self.ckr is None else f"0x{self.ckr:08x}",
            "adapter": self.adapter,
            "facts": {
                name: list(fact) if isinstance(fact, tuple) else fact
                for name, fact in self.facts.items()
            },
        }


def tell(error: BaseException, *, json: bool, verbose: bool) -> int:
    """Tell an error and return the exit code it ends the program with.

    Args:
        error: what was raised.
        json: tell it in JSON.
        verbose: show where an unexpected error comes from; never with the values of variables.
    """
    failure = described(error)
    with suppress(OSError):  # where nobody hears it, the exit code still says it
        if json:
            write_json({"error": failure.document()})
        else:
            show(failure)
        if verbose and failure.code == LockwrightError.code:
            import traceback  # noqa: PLC0415  # of what nobody foresaw

            traceback.print_exception(error, file=sys.stderr)
    return failure.exit_code


def described(error: BaseException) -> Failure:
    """An error of any kind as it is shown."""
    match error:
        case LockwrightError():
            return _known(error)
        case click.UsageError():
            said = _sentence(_with_one_guess(error).format_message())
            return Failure(_USAGE, error.exit_code, said, advice=_hint(error))
        case click.ClickException():
            return Failure(_USAGE, error.exit_code, _sentence(error.format_message()))
        case KeyboardInterrupt() | click.Abort():
            return _known(Interrupted(cost=NOTHING))
        case _:
            message = _("Something went wrong inside lockwright ({kind}).")
            return Failure(
                LockwrightError.code,
                LockwrightError.exit_code,
                message.format(kind=type(error).__name__),
                advice=_("Run it again with --verbose and report what it shows."),
            )


def show(failure: Failure) -> None:
    """Write an error to stderr as one block of text."""
    err = Console(sys.stderr)
    err.print(_("Error: {message}").format(message=clean(failure.message)), style="bold red")
    for line in failure.details:
        err.print(f"  - {clean(line)}")
    for line in _present(failure.cost, failure.advice):
        err.print(clean(line))


def _known(error: LockwrightError) -> Failure:
    told = explain(error)
    return Failure(
        code=told.code,
        exit_code=told.exit_code,
        message=told.message,
        cost=told.cost,
        advice=told.advice,
        details=tuple(told.details),
        ckr=error.ckr,
        adapter=error.adapter,
        facts=dict(error.facts),
    )


def _with_one_guess(error: click.UsageError) -> click.UsageError:
    """Suggest what is most alike; click names all that are, in the order of the alphabet."""
    from difflib import get_close_matches  # noqa: PLC0415  # for a mistake only

    match error:
        case click.NoSuchOption(option_name=name, possibilities=[_, *_] as like):
            best = get_close_matches(name, like, 1, 0)
            return click.NoSuchOption(name, possibilities=best, ctx=error.ctx)
        case click.NoSuchCommand(command_name=name, possibilities=[_, *_] as like):
            best = get_close_matches(name, like, 1, 0)
            return click.NoSuchCommand(name, possibilities=best, ctx=error.ctx)
        case _:
            return error


def _hint(error: click.UsageError) -> str:
    if error.ctx is None:
        return ""
    return _("See: {command} --help").format(command=error.ctx.command_path)


def _sentence(text: str) -> str:
    """What click says, in one line."""
    text = " ".join(text.split())
    return text if text.endswith((".", "?", "!", ")")) else f"{text}."


def _present(*parts: str) -> Sequence[str]:
    return [part for part in parts if part]
