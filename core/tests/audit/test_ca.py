"""What is ordered from a CA is recorded, without the one-time password."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType

import pytest
from lockwright.adapter import hookimpl
from lockwright.audit import AuditPlugin, AuditTrail, verify
from lockwright.calls.authorities import CaCalls
from lockwright.contract import ca_hooks
from lockwright.errors import CaLoginRefused
from lockwright.models import (
    CaAnswer,
    CaOrder,
    CaProfile,
    Issued,
    Pending,
    Refused,
    SignatureScheme,
)
from lockwright.secret import Secret

OTP = "Hush-Hush-17"
ORDER = CaOrder(b"the request", "anna")
RENEWAL = CaOrder(b"the request", "anna", renews=b"old")
UNTIL = Pending(datetime(2030, 1, 2, 3, 4, 5, tzinfo=UTC))


class Keys:
    """Nobody signs here."""

    def sign_with_new(self, _scheme: SignatureScheme, _data: bytes) -> bytes:
        raise AssertionError

    sign_with_old = sign_with_new

    def keep(self, _pending: Pending) -> None:
        raise AssertionError


def calls(file: Path, answer: CaAnswer | Exception) -> CaCalls:
    """The hooks of a client that gives one answer."""

    @hookimpl
    def answered(ca: CaProfile) -> CaAnswer:
        if isinstance(answer, Exception):
            raise answer
        return answer

    client = ModuleType("client")
    for name in ("enrol", "poll", "renew"):
        setattr(client, f"lockwright_ca_{name}", answered)
    return CaCalls(lambda _kind: client, [AuditPlugin(AuditTrail(file), {})])


def records(file: Path) -> list[dict[str, object]]:
    verify(file)
    assert OTP.encode() not in file.read_bytes()
    return [json.loads(line) for line in file.read_bytes().splitlines()]


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (
            Issued(b"certificate"),
            {
                "answer": "issued",
                "certificate_sha256": (
                    "03d66dd08835c1ca3f128cceacd1f31ac94163096b20f445ae84285bc0832d72"
                ),
            },
        ),
        (UNTIL, {"answer": "pending", "not_before": "2030-01-02T03:04:05Z"}),
        (Refused("no"), {"answer": "refused"}),
    ],
)
def test_an_order_is_recorded_with_what_came_of_it(
    file: Path, answer: CaAnswer, told: dict[str, object]
) -> None:
    profile = CaProfile("bank", "est", "https://ra.example")
    calls(file, answer)(ca_hooks.lockwright_ca_enrol, profile, None, ORDER, Secret(OTP), Keys())
    intent, outcome = records(file)
    facts = intent["facts"]
    assert isinstance(facts, dict)
    assert (intent["hook"], intent["token"]) == ("lockwright_ca_enrol", None)
    assert facts["ca"] == {"name": "bank", "kind": "est", "url": "https://ra.example"}
    assert facts["login"] == "anna"
    assert outcome["facts"] == told


def test_renewals_and_polls_are_recorded_under_their_names(file: Path) -> None:
    made = calls(file, UNTIL)
    made(ca_hooks.lockwright_ca_renew, CaProfile("bank", "est"), None, RENEWAL, None, Keys())
    made(ca_hooks.lockwright_ca_poll, CaProfile("bank", "est"), None, RENEWAL, UNTIL, None, Keys())
    hooks = [record["hook"] for record in records(file)]
    assert hooks == ["lockwright_ca_renew"] * 2 + ["lockwright_ca_poll"] * 2


def test_a_wrong_password_is_recorded_as_the_error_it_is(file: Path) -> None:
    with pytest.raises(CaLoginRefused):
        calls(file, CaLoginRefused(ca="bank", reason="wrong"))(
            ca_hooks.lockwright_ca_enrol, CaProfile("bank", "est"), None, ORDER, Secret(OTP), Keys()
        )
    assert records(file)[1]["error"] == "ca-login-refused"
