"""Two tokens of one serial number: each can be used, and a PIN reaches the one that is named."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from pathlib import Path

import click
import pytest
from lockwright import Config, Runner, Secret
from lockwright.cli.app import root
from lockwright.errors import (
    PlanStale,
    PolicyStale,
    RequestPending,
    TokenRemoved,
    TokenUnclear,
)
from lockwright.models import Token
from lockwright_testkit.program import Program
from lockwright_testkit.pseudo_terminal import Terminal
from lockwright_testkit.sim import SO_PIN, USER_PIN, Simulator
from lockwright_testkit.sim.fixtures import SimulatorFactory
from lockwright_testkit.twins import (
    OPERATIONS,
    SERIAL,
    Between,
    Layout,
    Operation,
    Twins,
    write_letters,
)

NEW_PIN = "Kettle-Moss-42"
KEY = bytes(range(24))
LIST, CHANGE, UNBLOCK = OPERATIONS[:3]
WIPE = next(each for each in OPERATIONS if each.words == ("wipe", "--yes"))
REMOTE = next(each for each in OPERATIONS if each.personality == "etoken-idprime")
SAMPLE = [
    (LIST, Layout.DOUBLES, 1, Between.NOTHING),
    (LIST, Layout.DOUBLES, 0, Between.GONE),
    (CHANGE, Layout.LABELS, 0, Between.REPLACED),
    (UNBLOCK, Layout.LABELS, 1, Between.GONE),
    (WIPE, Layout.LABELS, 0, Between.REPLACED),
    (CHANGE, Layout.MODULES, 1, Between.NOTHING),
    (UNBLOCK, Layout.MODULES, 0, Between.GONE),
    (REMOTE, Layout.MODULES, 1, Between.NOTHING),
    (REMOTE, Layout.DOUBLES, 0, Between.REPLACED),
]
"""Of every operation in every way, which ``make sweep`` runs."""


@pytest.fixture
def program(tmp_path: Path) -> Program:
    return Program(tmp_path)


@pytest.mark.parametrize(
    ("operation", "layout", "named", "between"),
    SAMPLE,
    ids=["-".join((str(o), layout, str(n), b)) for o, layout, n, b in SAMPLE],
)
def test_a_pin_reaches_the_named_one_only(
    program: Program,
    sim: SimulatorFactory,
    terminal: Terminal,
    operation: Operation,
    layout: Layout,
    named: int,
    between: Between,
) -> None:
    twins = Twins(program, sim, operation, layout)
    code, said = twins.run(terminal, twins.uris()[named], named, between).ends()
    stays = between is Between.NOTHING
    assert twins.touched() == [stays and place == named for place in range(2)], said
    assert code == (0 if stays else TokenRemoved.exit_code), said


SECRETS = {"pin_file", "so_pin_file", "puk_file"}
READ_ONLY = [("tokens",), ("list",), ("policy", "show"), ("doctor",)]


def test_every_command_that_sends_a_secret_to_a_token_is_swept() -> None:
    """``respond`` sends one to an HSM, which the URI of the key names."""
    offered_by_none = {("label",), ("puk", "change")}
    swept = {operation.words[: len(path)] for operation in OPERATIONS for path in commands()}
    send = {path for path, options in commands().items() if options & SECRETS}
    assert send <= swept | offered_by_none | {("respond",)}
    words = {word for operation in OPERATIONS for word in operation.words}
    assert words >= {"--remote", "--way=so-pin", "--way=puk"}


def commands() -> dict[tuple[str, ...], set[str]]:
    """Every command of the program, and the names of its options."""
    found: dict[tuple[str, ...], set[str]] = {}

    def walk(command: click.Command, path: tuple[str, ...]) -> None:
        if isinstance(command, click.Group):
            context = click.Context(command)
            for name in command.list_commands(context):
                below = command.get_command(context, name)
                assert below is not None
                walk(below, (*path, name))
        else:
            found[path] = {str(option.name) for option in command.params}

    walk(root, ())
    return found


def test_what_only_reads_hands_nothing_to_either(program: Program, sim: SimulatorFactory) -> None:
    twins = Twins(program, sim, LIST, Layout.MODULES)
    for device in twins.devices:
        device.start_trace()
    for uri, words in product(twins.uris(), READ_ONLY):
        program.run(*words, "--token", uri)
    assert all(device.trace() for device in twins.devices)
    assert twins.touched() == [False, False]


@pytest.mark.parametrize("layout", [Layout.DOUBLES, Layout.LABELS])
def test_the_serial_number_of_two_is_refused_and_each_is_named(
    program: Program, sim: SimulatorFactory, layout: Layout
) -> None:
    twins = Twins(program, sim, LIST, layout)
    secret = program.secret("pin", USER_PIN)
    for device in twins.devices:
        device.start_trace()
    ended = program.run("list", "--token", SERIAL, "--pin-file", secret, "--json")
    assert ended.error["code"] == "several-tokens"
    assert twins.touched() == [False, False]
    assert ended.error["facts"]["uris"] == ended.error["details"] == twins.uris()
    for place, uri in enumerate(twins.uris()):
        for device in twins.devices:
            device.start_trace()
        assert program.run("list", "--token", uri, "--pin-file", secret).code == 0
        assert twins.touched()[place]


def test_a_token_without_a_serial_number_can_be_used(
    program: Program, sim: SimulatorFactory, terminal: Terminal
) -> None:
    twins = Twins(program, sim, LIST, Layout.LABELS)
    for device in twins.devices:
        device.set("serial", "")
    first, second = twins.uris()
    secret = program.secret("pin", USER_PIN)
    assert program.run("list", "--token", second, "--pin-file", secret).code == 0
    screen = terminal(program, "wipe", "--token", first)
    screen.answers("User PIN:", USER_PIN)
    screen.answers("It has no serial number. To delete all of this, type Anna:", "")
    assert "Nothing was deleted" in screen.ends().said
    wiped = program.run("wipe", "--yes", "--token", first, "--pin-file", secret, "--json")
    assert len(wiped.document["gone"]) == 1
    left = program.run("list", "--token", second, "--json").document
    assert [each["label"] for each in left["containers"]] == ["letter"]


# --- two modules ----------------------------------------------------------------------------------


def config(**modules: list[Simulator]) -> Config:
    """Adapters, and the devices whose modules each of them is told to know."""
    return Config(
        audit=None,
        allow=tuple(modules),
        adapters={
            adapter: {"modules": [str(device.module) for device in devices]}
            for adapter, devices in modules.items()
        },
    )


@pytest.fixture
def copied(sim: SimulatorFactory) -> tuple[Simulator, Simulator]:
    """A JaCarta, and a module that is no JaCarta's and shows one with the same strings."""
    real = sim("jacarta-pki", label="Anna", serial=SERIAL)
    strings = {"manufacturer": "Aladdin R.D.", "model": real.show()["slot0.model"]}
    return real, sim("plain", label="Anna", serial=SERIAL, settings=strings)


@pytest.mark.parametrize("first", [0, 1])
def test_a_module_that_copies_a_tokens_strings_gets_nothing(
    copied: tuple[Simulator, Simulator], first: int
) -> None:
    """Its adapter comes first in the alphabet, or its module on the command line."""
    real, copy = copied
    modules = [copied[first].module, copied[1 - first].module]
    ways = (
        (config(etoken=[copy], jacarta=[real]), ()),
        (config(jacarta=[real]), modules),
    )
    for settings, named in ways:
        with Runner(settings, modules=named) as runner:
            with pytest.raises(TokenUnclear) as caught:
                runner.find(SERIAL)
            assert [token.adapter for token in runner.detect().tokens] == [None, None]
            assert len(caught.value.facts["uris"]) == 2  # type: ignore[arg-type]  # a tuple
    assert not {"C_Login"} & {*real.counts(), *copy.counts()}


def test_a_copy_gets_nothing_either_while_the_real_one_is_away(
    copied: tuple[Simulator, Simulator],
) -> None:
    real, copy = copied
    real.unplug()
    with Runner(config(etoken=[copy], jacarta=[real])) as runner, pytest.raises(TokenUnclear):
        runner.find(SERIAL)
    with Runner(config(jacarta=[real]), modules=[copy.module]) as runner:
        assert runner.find(SERIAL).adapter == "jacarta", "it was named"


def test_an_unclear_token_is_used_through_the_module_that_the_person_names(
    copied: tuple[Simulator, Simulator],
) -> None:
    real, copy = copied
    for device in copied:
        device.zero_counts()
    settings = config(etoken=[copy], jacarta=[real])
    with Runner(settings, modules=[real.module]) as runner:
        assert runner.list(runner.find(SERIAL), Secret(USER_PIN)).logged_in
    with Runner(settings) as runner:
        uri = f"pkcs11:serial={SERIAL}?module-path={real.module}"
        assert runner.list(runner.find(uri), Secret(USER_PIN)).logged_in
    assert real.counts()["C_Login"] == 2
    assert copy.counts() == {}


def test_one_device_through_two_modules_of_its_vendor_is_one(sim: SimulatorFactory) -> None:
    devices = [
        sim("jacarta-pki", label="Anna", serial=SERIAL, module=module)
        for module in ("jacarta", "jacarta@2.9")
    ]
    with Runner(config(jacarta=devices)) as runner:
        first, second = runner.detect().tokens
        assert (first.adapter, second.adapter) == ("jacarta", None)
        assert second.reason == f"the same token as seen through {devices[0].module}"
        assert runner.find(SERIAL).identity == first.identity
        chosen = runner.find(runner.detect().uri(second))
        assert (chosen.adapter, chosen.identity.module.path) == ("jacarta", devices[1].module)


# --- what is kept of a token ----------------------------------------------------------------------


@pytest.fixture
def pair(sim: SimulatorFactory) -> list[Simulator]:
    """One serial number, two labels, one module."""
    given = {"admin.key": KEY}
    return [
        sim("jacarta-pki", label=label, serial=SERIAL, settings=given) for label in ("one", "two")
    ]


@pytest.fixture
def both(pair: list[Simulator]) -> Iterator[tuple[Runner, Token, Token]]:
    with Runner(config(jacarta=pair)) as runner:
        yield runner, runner.find("pkcs11:token=one"), runner.find("pkcs11:token=two")


def test_a_plan_for_one_is_not_carried_out_on_the_other(
    both: tuple[Runner, Token, Token], pair: list[Simulator]
) -> None:
    """Their contents are alike, so only the token itself tells them apart."""
    runner, one, two = both
    plan = runner.plan_wipe(one, Secret(USER_PIN))
    pair[1].zero_counts()
    with pytest.raises(PlanStale):
        runner.apply(two, Secret(USER_PIN), plan)
    assert "C_Login" not in pair[1].counts()


def test_a_plan_is_not_carried_out_on_another_once_its_token_is_pulled_out(
    both: tuple[Runner, Token, Token], pair: list[Simulator]
) -> None:
    runner, one, _two = both
    write_letters(pair[0].module)
    plan = runner.plan_wipe(one, Secret(USER_PIN))
    pair[0].unplug()
    pair[1].zero_counts()
    with pytest.raises(TokenRemoved):
        runner.apply(one, Secret(USER_PIN), plan)
    assert "C_Login" not in pair[1].counts()


def test_rules_for_one_are_not_set_on_the_other(sim: SimulatorFactory) -> None:
    devices = [sim("etoken", label=label, serial="02aea1d3") for label in ("one", "two")]
    with Runner(config(etoken=devices)) as runner:
        one, two = (runner.find(f"pkcs11:token={label}") for label in ("one", "two"))
        plan = runner.plan_policy(one, {"min_length": 8})
        with pytest.raises(PolicyStale):
            runner.set_policy(two, Secret(SO_PIN), plan)
    assert "C_Login" not in devices[1].counts()


def test_the_one_that_waits_for_a_response_is_known_by_its_uri(
    sim: SimulatorFactory, pair: list[Simulator]
) -> None:
    """It is not said to be missing, though its module cannot be looked at meanwhile."""
    other = sim("jacarta-pki", serial=SERIAL, label="three", module="jacarta@2.9")
    with Runner(config(jacarta=[*pair, other])) as runner:
        two = runner.find("pkcs11:token=two")
        with runner.begin_unblock(two, Secret(NEW_PIN)):
            with pytest.raises(RequestPending):
                runner.find("pkcs11:token=two")
            with pytest.raises(RequestPending):
                runner.find(SERIAL)
