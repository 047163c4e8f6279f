"""The runner: each token to exactly one adapter, every operation through every wrapper."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path

import pytest
from lockwright import Config, Runner, Secret
from lockwright.contract import hooks
from lockwright.errors import (
    AdapterBroken,
    LastTry,
    LockwrightError,
    NoToken,
    NotSupported,
    PinLocked,
    PinRefused,
    PluginRequired,
    SeveralTokens,
    TokenRefused,
    TokenUnclaimed,
)
from lockwright.models import PinState, Token, UnblockWay
from lockwright.registry import Registry
from lockwright_testkit.softhsm import SO_PIN, USER_PIN, AddedToken, SoftHSM

NEW_PIN = "Kettle-Moss-42"
Open = Callable[..., Runner]
Plug = Callable[[str, str], EntryPoint]

SOFTHSM = entry_points(group="lockwright")["softhsm"]

# An adapter that takes over all of SoftHSM's hooks and changes some of them.
RIVAL = """
from lockwright.adapter import hookimpl
from lockwright.models import Confidence, Match
from lockwright_softhsm import adapter as real
for name in dir(real):
    if name.startswith("lockwright_"):
        globals()[name] = getattr(real, name)
"""

NEARLY_LOCKED = (
    RIVAL
    + """
from dataclasses import replace
from lockwright.models import PinState, PinStatus

@hookimpl
def lockwright_state(module, token):
    state = real.lockwright_state(module, token)
    bad = PinStatus(PinState("{state}"), tries_left=1)
    return replace(state, user_pin=bad, so_pin=bad)
"""
)

FOUR_EYES = """
from lockwright.adapter import hookimpl
from lockwright.errors import TokenRefused

seen = []

@hookimpl(wrapper=True)
def lockwright_delete(token, refs):
    seen.append((token.serial, len(refs)))
    if refs:
        raise TokenRefused(action="delete objects", name="no second person agreed")
    return (yield)

@hookimpl(wrapper=True)
def lockwright_generate(token, request):
    seen.append(request.key_type)
    pair = yield
    seen.append(pair.id)
    return pair
"""


@pytest.fixture
def added(softhsm: SoftHSM) -> AddedToken:
    return softhsm.add_token("Anna")


@pytest.fixture
def plug(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Plug:
    """Write a plugin and hand back its entry point."""
    monkeypatch.syspath_prepend(str(tmp_path))

    def write(name: str, code: str) -> EntryPoint:
        (tmp_path / f"plugged_{name}.py").write_text(code)
        monkeypatch.delitem(sys.modules, f"plugged_{name}", raising=False)
        return EntryPoint(name, f"plugged_{name}", "lockwright")

    return write


@pytest.fixture
def opened() -> Iterator[Open]:
    """Makes runners with the plugins given, without an audit, closed at the end."""
    runners: list[Runner] = []

    def make(*plugins: EntryPoint, isolate: bool = True, use_last_try: bool = False) -> Runner:
        runner = Runner(
            Config(audit=None),
            registry=Registry(found=plugins or (SOFTHSM,)),
            isolate=isolate,
            use_last_try=use_last_try,
        )
        runners.append(runner)
        return runner

    yield make
    for runner in runners:
        runner.close()


# --- which token, which adapter ------------------------------------------------------------------


def test_the_only_token_is_found_without_a_name(opened: Open, added: AddedToken) -> None:
    token = opened().find()

    assert (token.serial, token.adapter) == (added.serial, "softhsm")
    assert "SoftHSM" in token.reason


def test_no_token_is_an_error_of_its_own(opened: Open, softhsm: SoftHSM) -> None:
    with pytest.raises(NoToken):
        opened().find()


def test_a_token_is_found_by_serial_and_by_uri_when_several_are_there(
    opened: Open, softhsm: SoftHSM, added: AddedToken
) -> None:
    other = softhsm.add_token("Boris")
    runner = opened()

    with pytest.raises(SeveralTokens) as caught:
        runner.find()

    assert len(caught.value.facts["serials"] or ()) == 2  # type: ignore[arg-type]  # a tuple
    assert runner.find(other.serial.upper()).identity.label == "Boris"
    assert runner.find("pkcs11:token=Anna").serial == added.serial


@pytest.mark.parametrize("isolate", [True, False])
def test_a_program_does_something_else_while_modules_are_asked(
    opened: Open,
    added: AddedToken,
    isolate: bool,  # noqa: FBT001  # a case
) -> None:
    runner = opened(isolate=isolate)
    done: list[str] = []

    [token] = runner.detect(certificates=True, begun=lambda: done.append("once")).tokens

    assert (token.serial, done) == (added.serial, ["once"])

    def fails() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        runner.detect(begun=fails)
    assert runner.find().serial == added.serial  # what was asked then is no answer to this


def test_a_token_that_no_adapter_claims_is_shown_with_its_model(
    opened: Open, plug: Plug, added: AddedToken
) -> None:
    shy = "\n@hookimpl\ndef lockwright_match(identity):\n    return None\n"
    runner = opened(plug("shy", RIVAL + shy))

    [token] = runner.detect().tokens

    assert token.adapter is None
    assert token.reason == "no adapter claims model 'SoftHSM v2'"
    with pytest.raises(TokenUnclaimed):
        runner.find()
    with pytest.raises(TokenUnclaimed):
        runner.list(token)


@pytest.mark.parametrize(
    ("confidence", "owner"), [("GENERIC", "softhsm"), ("MODEL", None), ("FAMILY", "softhsm")]
)
def test_the_surest_adapter_gets_the_token_and_two_alike_get_none(
    opened: Open, plug: Plug, added: AddedToken, confidence: str, owner: str | None
) -> None:
    claim = (
        "\n@hookimpl\ndef lockwright_match(identity):\n"
        f"    return Match(Confidence.{confidence}, 'a rival')\n"
    )

    [token] = opened(plug("rival", RIVAL + claim), SOFTHSM).detect().tokens

    assert token.adapter == owner
    assert ("equally" in token.reason) is (owner is None)


def test_a_token_seen_through_two_modules_is_claimed_once(
    added: AddedToken, softhsm: SoftHSM, faulty: Path
) -> None:
    known = {"softhsm": {"modules": [str(softhsm.module), str(faulty)]}}
    with Runner(Config(audit=None, adapters=known)) as runner:
        first, second = runner.detect().tokens

        assert (first.adapter, second.adapter) == ("softhsm", None)
        assert second.reason == f"the same token as seen through {softhsm.module}"
        assert runner.find().identity.module.path == softhsm.module


def test_a_module_is_looked_at_once_whatever_links_lead_to_it(
    added: AddedToken, softhsm: SoftHSM, tmp_path: Path
) -> None:
    (tmp_path / "link.so").symlink_to(softhsm.module)

    with Runner(Config(audit=None), modules=[tmp_path / "link.so", softhsm.module]) as runner:
        assert len(runner.detect().tokens) == 1


@pytest.mark.parametrize(
    "answer", ["raise ValueError('oops')", "return 5", "return Match('model', 'mine')"]
)
def test_the_others_are_shown_when_one_adapter_fails_to_match(
    opened: Open, plug: Plug, added: AddedToken, answer: str
) -> None:
    bad = f"\n@hookimpl\ndef lockwright_match(identity):\n    {answer}\n"

    seen = opened(plug("bad", RIVAL + bad), SOFTHSM).detect()

    assert [t.adapter for t in seen.tokens] == ["softhsm"]
    assert isinstance(seen.problems[0].error, AdapterBroken)


# --- what stands before a login ------------------------------------------------------------------


@pytest.mark.parametrize("isolate", [True, False])
def test_a_weak_new_pin_never_reaches_the_token(
    opened: Open,
    added: AddedToken,
    isolate: bool,  # noqa: FBT001  # pytest hands it over by name
) -> None:
    runner = opened(isolate=isolate)
    token = runner.find()

    with pytest.raises(PinRefused) as caught:
        runner.change_pin(token, Secret("not the PIN"), Secret("short"))

    assert len(caught.value.facts["rules"] or ()) == 3  # type: ignore[arg-type]  # a tuple
    assert runner.find().state.user_pin.state is PinState.OK, "no try was spent"  # type: ignore[union-attr]  # SoftHSM tells it


def test_the_tokens_own_serial_and_label_are_no_pins(opened: Open, softhsm: SoftHSM) -> None:
    softhsm.add_token("Masha-Token-7")
    runner = opened()

    broken = runner.check_pin(Secret("Masha-Token-7"), runner.find())

    assert [rule.rule for rule in broken] == ["guessable"]


@pytest.mark.parametrize(
    "work",
    [
        lambda r, t: r.list(t, Secret(USER_PIN)),
        lambda r, t: r.change_pin(t, Secret(USER_PIN), Secret(NEW_PIN)),
        lambda r, t: r.request(t, Secret(USER_PIN), "CN=Anna"),
        lambda r, t: r.unblock(t, Secret(SO_PIN), Secret(NEW_PIN)),
        lambda r, t: r._calls(hooks.lockwright_delete, t, Secret(USER_PIN), []),
        lambda r, t: r._calls(hooks.lockwright_wipe, t, Secret(USER_PIN)),
        lambda r, t: r._calls(hooks.lockwright_keys, t, Secret(USER_PIN), None),
        lambda r, t: r._calls(hooks.lockwright_store, t, Secret(USER_PIN), b"1", "l", b"c"),
    ],
)
@pytest.mark.parametrize(("state", "error"), [("final-try", LastTry), ("locked", PinLocked)])
def test_a_pin_on_its_last_try_is_not_tried(
    opened: Open,
    plug: Plug,
    added: AddedToken,
    work: Callable[[Runner, Token], object],
    state: str,
    error: type[LockwrightError],
) -> None:
    runner = opened(plug("nearly", NEARLY_LOCKED.replace("{state}", state)), isolate=False)

    with pytest.raises(error):
        work(runner, runner.find())


def test_the_last_try_is_spent_when_the_caller_says_so(
    opened: Open, plug: Plug, added: AddedToken
) -> None:
    nearly = plug("nearly", NEARLY_LOCKED.replace("{state}", "final-try"))
    runner = opened(nearly, use_last_try=True)

    assert runner.list(runner.find(), Secret(USER_PIN)).logged_in


def test_a_way_to_unblock_that_the_token_has_not_is_refused_at_once(
    opened: Open, added: AddedToken
) -> None:
    runner = opened()

    with pytest.raises(NotSupported, match="unblock with a PUK"):
        runner.unblock(runner.find(), Secret("12345678"), Secret(NEW_PIN), way=UnblockWay.PUK)


# --- wrappers ------------------------------------------------------------------------------------


def test_a_wrapper_sees_an_operation_and_can_forbid_it(
    opened: Open, plug: Plug, added: AddedToken
) -> None:
    runner = opened(plug("eyes", FOUR_EYES), SOFTHSM)
    token = runner.find()
    made = runner.request(token, Secret(USER_PIN), "CN=Anna", key_type="ec:p256")
    plan = runner.plan_delete(token, Secret(USER_PIN), [made.key.id.hex()])

    with pytest.raises(TokenRefused, match="no second person agreed"):
        runner.apply(token, Secret(USER_PIN), plan)

    assert len(runner.list(token, Secret(USER_PIN)).containers) == 1, "it is still there"
    assert sys.modules["plugged_eyes"].seen == ["ec:p256", made.key.id, (token.serial, 2)]


def test_an_adapter_is_offered_no_other_adapters_token(
    opened: Open, plug: Plug, added: AddedToken
) -> None:
    greedy = (
        "\n@hookimpl\ndef lockwright_match(identity):\n    return None\n"
        "@hookimpl\ndef lockwright_list(module, token, pin):\n    raise ValueError('got a PIN')\n"
    )
    runner = opened(plug("greedy", RIVAL + greedy), SOFTHSM, isolate=False)

    assert runner.list(runner.find(), Secret(USER_PIN)).logged_in


def test_half_a_key_pair_is_no_container_when_its_request_cannot_be_signed(
    opened: Open, plug: Plug, added: AddedToken
) -> None:
    dumb = "\n@hookimpl\ndef lockwright_sign(module, token, key_id, data):\n    1 / 0\n"
    runner = opened(plug("dumb", RIVAL + dumb))
    token = runner.find()

    with pytest.raises(AdapterBroken, match="ZeroDivisionError"):
        runner.request(token, Secret(USER_PIN), "CN=Anna", key_type="ec:p256")

    assert runner.list(token, Secret(USER_PIN)).containers == ()


@pytest.mark.parametrize(
    ("code", "reason"),
    [("import no_such_package", "ModuleNotFoundError"), (None, "not installed")],
)
def test_nothing_is_done_when_a_required_plugin_is_missing(
    plug: Plug, code: str | None, reason: str
) -> None:
    found = [SOFTHSM] if code is None else [SOFTHSM, plug("eyes", code)]

    with pytest.raises(PluginRequired, match=reason):
        Runner(Config(audit=None, require=("softhsm", "eyes")), registry=Registry(found=found))


def test_required_plugins_that_are_there_are_no_hindrance(opened: Open, plug: Plug) -> None:
    registry = Registry(found=[SOFTHSM, plug("eyes", FOUR_EYES)])

    Runner(Config(audit=None, require=("softhsm", "eyes")), registry=registry).close()
