"""What stands around an answer on the bank's side: each Request is answered once."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import cast

from lockwright.audit.actor import account
from lockwright.contract import hooks
from lockwright.contract.declaration import Arguments
from lockwright.contract.derived import Wrapping, wrapping
from lockwright.keys.mark import InHsm, fresh_salt, is_of_the_kind, key_mark
from lockwright.keys.source import HsmKey, KeySource
from lockwright.ledger import Answer, Ledger
from lockwright.models import Grounds
from lockwright.secret import Secret


class AnsweredOnce:
    """Wraps the answer: a Request that was answered is refused, and one that is, is noted first.

    Args:
        ledger: the Requests that were answered.
        in_hsm: has an HSM encrypt the probe with a key; the name of the adapter comes first.
        mark: makes the mark of a key, as ``key_mark`` does.
    """

    def __init__(
        self,
        ledger: Ledger,
        in_hsm: Callable[[str, HsmKey], bytes],
        mark: Callable[[KeySource, bytes, InHsm], str] = key_mark,
    ) -> None:
        self._ledger = ledger
        self._in_hsm = in_hsm
        self._mark = mark
        responds = hooks.HOOKS[hooks.lockwright_respond.__name__]
        setattr(self, responds.name, wrapping(responds, self._noted))

    def _noted(self, arguments: Arguments) -> Wrapping:
        """The Response goes on only when the disk knows of it."""
        key = cast("KeySource", arguments["key"])
        in_hsm = partial(self._in_hsm, str(arguments["vendor"]))
        salt = self._ledger.salt(fresh_salt(), is_of_the_kind)
        answer = Answer(
            request=cast("bytes", arguments["challenge"]),
            serial=str(arguments["serial"]),
            account=account(),
            operator=cast("Grounds", arguments["grounds"]).operator,
            key=self._mark(key, salt, in_hsm),
            salt=salt,
        )
        self._ledger.check(answer)
        response = yield
        try:
            self._ledger.enter(answer)
        except BaseException:
            if isinstance(response, Secret):
                response.wipe()
            raise
        return response
