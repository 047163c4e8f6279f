"""A module that several parts of one process use is not ended under those that still do."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from pathlib import Path
from shutil import copyfile

import pytest
from lockwright import Config, Runner
from lockwright.bindings import BINDINGS, load
from lockwright.errors import ModuleNotReady
from lockwright.pkcs11.cryptoki import Cryptoki
from lockwright.pkcs11.session import Module
from lockwright_testkit.softhsm import AddedToken, SoftHSM


@pytest.fixture(autouse=True)
def _ended_at_last(softhsm: SoftHSM) -> Iterator[None]:
    """What a test here left running is not the next one's."""
    yield
    Cryptoki(softhsm.module).finalize()


def serials(module: Module) -> list[str]:
    return [slot.token.serial for slot in module.slots()]


def dropped_until_collected(what: object) -> None:
    """Leave something in a cycle, as a failure's traceback does."""
    cycle = [what]
    cycle.append(cycle)


@pytest.mark.parametrize("first", BINDINGS)
def test_a_module_that_was_there_before_runs_on_when_another_is_closed(
    first: str, binding: str, added: AddedToken, softhsm: SoftHSM
) -> None:
    before = load(first, softhsm.module)
    load(binding, softhsm.module).close()
    assert serials(before) == [added.serial]
    before.close()


def test_a_module_that_the_program_itself_began_runs_on(
    binding: str, added: AddedToken, softhsm: SoftHSM
) -> None:
    program = Cryptoki(softhsm.module)
    assert program.initialize()
    load(binding, softhsm.module).close()
    assert added.slot in program.slots()
    program.finalize()


def test_a_module_that_nobody_closed_ends_no_other_when_it_is_collected(
    binding: str, added: AddedToken, softhsm: SoftHSM
) -> None:
    """Whenever Python happens to do that; here it is told to."""
    dropped_until_collected(load(binding, softhsm.module))
    program = Cryptoki(softhsm.module)
    program.finalize()
    assert program.initialize()
    gc.collect()
    assert added.slot in program.slots()
    program.finalize()


def test_a_module_that_was_closed_begins_anew_over_the_other_binding(
    binding: str, added: AddedToken, softhsm: SoftHSM
) -> None:
    for name in (binding, *BINDINGS, binding):
        module = load(name, softhsm.module)
        with module.open_session(added.slot) as session:
            assert session.find({}) == []
        module.close()
        assert Cryptoki(softhsm.module).initialize(), "the module was not ended"
        Cryptoki(softhsm.module).finalize()


def test_a_module_that_the_binding_cannot_load_is_ended(
    faulty: Path, faults: Callable[[str], None], tmp_path: Path
) -> None:
    """PyKCS11 initialises what is initialised; this copy is one that it has not met before."""
    module = tmp_path / "own.so"
    copyfile(faulty, module)
    faults("C_Initialize@2=0x30")
    with pytest.raises(ModuleNotReady, match="C_Initialize: CKR_DEVICE_ERROR"):
        load("pykcs11", module)
    faults("")
    again = load("pykcs11", module)
    again.close()
    assert Cryptoki(module).initialize()
    Cryptoki(module).finalize()


def test_a_runner_that_failed_and_was_dropped_ends_no_module_of_the_next(
    binding: str, added: AddedToken, softhsm: SoftHSM
) -> None:
    """In a process of the program's own, where nothing else parts the two."""

    def runner(name: str) -> Runner:
        config = Config(audit=None, adapters={"softhsm": {"binding": name}})
        return Runner(config, modules=[softhsm.module], isolate=False)

    failed = runner(binding)
    failed.find(added.serial)
    dropped_until_collected(failed)
    del failed
    (other,) = BINDINGS.keys() - {binding}
    with runner(other) as following:
        token = following.find(added.serial)
        gc.collect()
        assert following.state(token).capabilities.key_types
