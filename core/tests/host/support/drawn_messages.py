"""Every message that passes between parent and child: how it is read, and samples of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import NoneType
from typing import cast

from lockwright.contract import hooks
from lockwright.errors import every_error
from lockwright.host import signs, wire
from lockwright.host.codec import Packed, WireError
from lockwright.host.protocol import (
    AdapterRef,
    Adopt,
    Call,
    Failed,
    Look,
    Recognise,
    Respond,
    Start,
    answer_of,
    arguments_of,
    pack_call,
    told,
    unpack_call,
)
from lockwright.host.shapes import pack, unpack
from lockwright.host.worker import Inspection
from lockwright.keys.source import GivenKey, HsmKey
from lockwright.models import (
    Capabilities,
    Challenge,
    Failure,
    Grounds,
    KeyForm,
    KeyPair,
    KeyRequest,
    LabelBy,
    Memory,
    ModuleInfo,
    ObjectKind,
    PinState,
    PinStatus,
    SignatureScheme,
    Sought,
    Token,
    TokenIdentity,
    TokenObject,
    TokenState,
    UnblockWay,
)
from lockwright.models.progress import Doing, Progress
from lockwright.policy import PinPolicy
from lockwright.secret import Secret

IDENTITY = TokenIdentity(
    "01", "Анна", "M", "V", ModuleInfo(Path("/x.so"), "V", "d", (1, 0)), 7, "s"
)
ABLE = Capabilities(
    frozenset(UnblockWay),
    frozenset({UnblockWay.PUK}),
    ("rsa:2048",),
    label_by=LabelBy.USER,
    policy_sets=frozenset({"min_length"}),
    policy_most={"min_length": 8},
    not_offered={"wipe": "why"},
)
STATE = TokenState(
    PinStatus(PinState.FINAL_TRY, 1, 2), PinStatus(PinState.OK), None, Memory(1, 2), (4, 16), ABLE
)
TOKEN = Token(IDENTITY, "a", "r", STATE)
OBJECT = TokenObject(
    ObjectKind.CERTIFICATE,
    b"\1",
    "Anna",
    "ab" * 32,
    None,
    b"DER",
    private=True,
    public_value=b"\4xy",
)
PAIR = KeyPair(b"\1", "Anna", b"DER")

_OF_A_NAME: Mapping[str, object] = {
    "sought": Sought(b"\1", ObjectKind.CERTIFICATE),
    "refs": ("ab", "cd"),
    "way": UnblockWay.PUK,
    "by": LabelBy.SO,
    "request": KeyRequest("rsa:2048", b"\1", "Anna"),
    "key_id": b"\1",
    "scheme": SignatureScheme.ECDSA_SHA256,
    "data": b"data",
    "ref": "ab" * 16,
    "label": "Anna",
    "certificate": b"DER",
    "public_key": b"DER",
    "policy": PinPolicy(min_length=8, max_length=None),
}
"""Arguments that are no secrets."""
_ANSWERS: Mapping[str, tuple[object, ...]] = {
    "state": (STATE, TokenState()),
    "list": ((OBJECT, OBJECT), ()),
    "unblock_challenge": (Challenge("01", b"Request", 8),),
    "delete": ((Failure("ab", 5), Failure("cd", None)),),
    "wipe": ((),),
    "generate": (PAIR,),
    "keys": ((PAIR,), ()),
    "sign": (b"signature",),
    "policy": (PinPolicy(), PinPolicy(8, 16, 8, 16, 1, 1, 1, 1, 3, refuse_guessable=True)),
}


@dataclass(frozen=True)
class Message:
    """One of them."""

    read: Callable[[Packed], object]
    write: Callable[[object], Packed]
    samples: tuple[object, ...]

    def packed(self) -> list[Packed]:
        return [self.write(sample) for sample in self.samples]


def of(kind: object, *samples: object) -> Message:
    """A message of one type."""
    plain = cast("type[object]", kind)
    return Message(lambda packed: unpack(plain, packed), lambda value: pack(kind, value), samples)


def _calls() -> Iterator[Call]:
    for hook, declared in hooks.HOOKS.items():
        if declared.about_a_token:
            names = arguments_of(hook)
            given = {name: _OF_A_NAME.get(name, Secret("pin")) for name in names}
            yield Call(hook, TOKEN, given)


def _failures() -> Iterator[Failed]:
    for kind in every_error().values():
        facts = dict.fromkeys(kind.facts_named, "x")
        yield told(kind(ckr=5, adapter="a", cost="c", **facts))


def _answers() -> Iterator[tuple[str, Message]]:
    for hook, declared in hooks.HOOKS.items():
        if declared.about_a_token and answer_of(hook) is not NoneType:
            samples = _ANSWERS[declared.short]
            yield f"answer-{declared.short.replace('_', '-')}", of(answer_of(hook), *samples)


def _life(packed: Packed) -> tuple[int, Progress]:
    """A sign of life, as its parent reads it once its frame was judged."""
    if packed.secrets or len(packed.body) != wire.SIGN:
        raise WireError("a sign of life is of another length")
    life = signs.Life()
    life.hears(packed.body)
    assert life.progress is not None
    return life._happened, life.progress


def _sign_of_life(sign: object) -> Packed:
    return signs.packed(*cast("tuple[int, Progress]", sign))


_HSM = HsmKey("pkcs11:object=a", Path("/hsm.so"), Secret("pin"))
_GIVEN = GivenKey(Secret("key"), KeyForm.HEX)

MESSAGES: Mapping[str, Message] = {
    "start": of(
        Start,
        Start(AdapterRef("a", "b:c"), Path("/x.so"), {"a": [""], "b": True}, (Path("/p"),), "en"),
    ),
    "adopt": of(Adopt, Adopt(AdapterRef("a", "b:c"), {"a": [""], "b": True})),
    "look": of(Look, Look(), Look(key_types=False, certificates=True)),
    "call": Message(unpack_call, lambda call: pack_call(cast("Call", call)), tuple(_calls())),
    "recognise": of(Recognise, Recognise(_HSM)),
    "respond": of(
        Respond,
        *(Respond("M", "01", b"Request", key, Grounds("anna")) for key in (_HSM, _GIVEN)),
    ),
    "inspection": of(
        Inspection,
        Inspection({IDENTITY: STATE}),
        Inspection({IDENTITY: None}, {IDENTITY: (OBJECT,)}),
    ),
    "life": Message(
        _life,
        _sign_of_life,
        ((1, Progress(Doing.CALLING, 0, 0)), (9, Progress(Doing.REMOVING, 3, 300))),
    ),
    "failed": of(Failed, *_failures()),
    "response": of(Secret, Secret("Response")),
    **dict(_answers()),
}
"""By name; of the answers, those that say something."""
