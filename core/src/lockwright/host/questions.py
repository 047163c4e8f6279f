"""Each thing that a child is asked, as a question with the time that it has."""

from __future__ import annotations

from lockwright.contract import hooks
from lockwright.contract.declaration import RequestEffect
from lockwright.errors import NOTHING, UNCHANGED
from lockwright.host import patience, wire
from lockwright.host.codec import Packed
from lockwright.host.protocol import (
    Adopt,
    Call,
    Look,
    Recognise,
    Respond,
    answer_of,
    checked,
    pack_call,
)
from lockwright.host.question import Question
from lockwright.host.shapes import pack
from lockwright.host.worker import Inspection
from lockwright.i18n import N_
from lockwright.keys.source import HsmKey
from lockwright.models.deadlines import Deadlines
from lockwright.secret import Secret

_INSPECT = N_("list the tokens")
_LEAVE = N_("log the user out")
_LOOKS = 6
"""How many times its seconds a look may take in which the module never was silent for them: others
wait for it."""


def adopt(asked: Adopt, deadlines: Deadlines) -> Question:
    """Let an adapter work beside the module."""
    packed, seconds = pack(Adopt, asked), deadlines.inspect
    return Question(wire.Kind.ADOPT, packed, bool, _INSPECT, seconds, NOTHING, seconds)


def inspect(look: Look, deadlines: Deadlines) -> Question:
    """Look at the module."""
    packed = pack(Look, look)
    seconds = deadlines.call if look.certificates else deadlines.inspect
    most = _LOOKS * seconds
    return Question(wire.Kind.INSPECT, packed, Inspection, _INSPECT, seconds, NOTHING, most)


def slots(deadlines: Deadlines) -> Question:
    """Tell which slots have a token."""
    nothing, seconds = Packed(b""), deadlines.inspect
    answer = tuple[int, ...]
    return Question(wire.Kind.SLOTS, nothing, answer, _INSPECT, seconds, NOTHING, seconds)


def leave(deadlines: Deadlines) -> Question:
    """Log the user out who stayed logged in."""
    nothing, seconds = Packed(b""), deadlines.call
    return Question(wire.Kind.LEAVE, nothing, bool, _LEAVE, seconds, NOTHING, seconds)


def call(asked: Call, deadlines: Deadlines, listed: int) -> Question:
    """Call a hook of the adapter.

    Args:
        asked: the call.
        deadlines: the bank's.
        listed: how many objects the token showed when it was listed last.

    Raises:
        TypeError: an argument is not of the hook's type.
    """
    declared, arguments = hooks.HOOKS[asked.hook], asked.arguments
    return Question(
        wire.Kind.CALL,
        checked(lambda: pack_call(asked)),
        answer_of(asked.hook),
        declared.doing,
        patience.of_call(deadlines, declared, asked.token, arguments),
        declared.cost_in(arguments),
        deadlines.whole,
        patience.of_removal(deadlines, declared, arguments, listed),
        declared.changes,
        declared.changes and declared.request is not RequestEffect.OPENS,
    )


def warm(deadlines: Deadlines) -> Question:
    """Get ready to answer a Request, where no token is."""
    return _bankside(wire.Kind.WARM, Packed(b""), bool, NOTHING, deadlines)


def respond(asked: Respond, deadlines: Deadlines) -> Question:
    """Answer a Request."""
    cost = UNCHANGED if isinstance(asked.key, HsmKey) else NOTHING
    packed = checked(lambda: pack(Respond, asked))
    return _bankside(wire.Kind.RESPOND, packed, Secret | None, cost, deadlines)


def recognise(asked: Recognise, deadlines: Deadlines) -> Question:
    """Have an HSM make of the ledger's probe what tells its key from others."""
    packed = checked(lambda: pack(Recognise, asked))
    return _bankside(wire.Kind.RECOGNISE, packed, bytes | None, UNCHANGED, deadlines)


def _bankside(
    kind: wire.Kind, packed: Packed, answer: object, cost: str, deadlines: Deadlines
) -> Question:
    doing, seconds = hooks.HOOKS["lockwright_respond"].doing, deadlines.call
    return Question(kind, packed, answer, doing, seconds, cost, deadlines.whole)
