"""The plugin: it stands around every hook that destroys or unblocks, and lets agreed ones pass."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import cast

from lockwright.audit.actor import account
from lockwright.contract import hooks
from lockwright.contract.declaration import EVERYTHING, Arguments, Declared, RequestEffect
from lockwright.contract.derived import Wrapping, surrounding
from lockwright.errors import reason_of
from lockwright.i18n import _
from lockwright.models import PinState, Token, TokenKey, TokenObject

from lockwright_four_eyes.errors import ConsentMissing, ConsentsUnreachable, ConsentUnusable
from lockwright_four_eyes.exchange import Exchange
from lockwright_four_eyes.settings import Settings, read
from lockwright_four_eyes.subject import Subject, asked, same, subject_of


class FourEyes:
    """Wraps every hook that destroys or unblocks, by what the contract declares.

    Args:
        file: the settings, which are read for each of them.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._seen: dict[TokenKey, Sequence[TokenObject]] = {}
        """What was listed last of each token, which is what a plan was made for."""
        self._open: set[TokenKey] = set()
        """Tokens with a Request that was agreed to; its Response needs no further consent."""
        self._emptied: set[Path] = set()
        """Modules through which a token was emptied, as was agreed to."""
        listed = hooks.HOOKS[hooks.lockwright_list.__name__]
        setattr(self, listed.name, surrounding(listed, self._listed))
        for hook, declared in hooks.HOOKS.items():
            if declared.destroys or declared.unblocks:
                setattr(self, hook, surrounding(declared, self._guarded))

    def _listed(self, _declared: Declared, arguments: Arguments) -> Wrapping:
        found = yield
        if arguments["sought"] is None:
            self._seen[_key(arguments)] = tuple(cast("Sequence[TokenObject]", found))
        return found

    def _guarded(self, declared: Declared, arguments: Arguments) -> Wrapping:
        begun = declared.request is RequestEffect.ENDS and _key(arguments) in self._open
        if not begun and not self._is_first_pin(declared, arguments):
            self._require(declared, arguments)
        if declared.request is RequestEffect.ENDS:
            self._open.discard(_key(arguments))
        result = yield
        if declared.request is RequestEffect.OPENS:
            self._open.add(_key(arguments))
        if declared.removes == EVERYTHING:
            self._emptied.add(_key(arguments).module)
        return result

    def _is_first_pin(self, declared: Declared, arguments: Arguments) -> bool:
        """Whether a token that was just emptied, and has no user PIN, is given one.

        To initialise a token ends so. Its serial number and slot may be others by then.
        """
        if not declared.sets or _key(arguments).module not in self._emptied:
            return False
        pin = cast("Token", arguments["token"]).state.user_pin
        if pin is None or pin.state is not PinState.NOT_SET:
            return False
        self._emptied.discard(_key(arguments).module)
        return True

    def _require(self, declared: Declared, arguments: Arguments) -> None:
        settings = read(self._file)
        seen = self._seen.get(_key(arguments)) if "token" in arguments else None
        subject = subject_of(declared, arguments, seen)
        try:
            self._agreed(settings, subject, _(declared.doing))
        except OSError as error:
            reason = reason_of(error)
            raise ConsentsUnreachable(folder=str(settings.folder), reason=reason) from error

    @staticmethod
    def _agreed(settings: Settings, subject: Subject, doing: str) -> None:
        """Use up a consent to just this.

        Raises:
            ConsentMissing, ConsentUnusable: there is none that counts; it is asked for.
        """
        exchange = Exchange(settings.folder)
        wrong = None
        for consent in exchange.consents():
            if same(consent.subject, subject):
                reason = consent.wrong(settings, account())
                if not reason and exchange.use_up(consent):
                    return
                wrong = (str(consent.subject["id"]), reason or _("it is used up"))
        waiting = (each for each in exchange.waiting() if same(each, subject))
        request = next(waiting, None)
        if request is None:
            request = asked(subject)
            exchange.ask(request)
        if wrong:
            raise ConsentUnusable(id=wrong[0], reason=wrong[1], anew=request["id"])
        others = tuple(name for name in settings.approvers if name != account())
        serial = subject["token"]["serial"]
        raise ConsentMissing(operation=doing, serial=serial, id=request["id"], approvers=others)


def _key(arguments: Arguments) -> TokenKey:
    return cast("Token", arguments["token"]).identity.key
