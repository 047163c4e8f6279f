"""Loading a module over a binding: lazily, from absolute paths, with the loader's own reason."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from lockwright.bindings import BINDINGS, load
from lockwright.errors import AdapterBroken, BrokenConfiguration, ModuleNotLoadable
from lockwright_testkit.interposer import compile_library
from lockwright_testkit.softhsm import SoftHSM


def reason_of(binding: str, path: Path) -> str:
    with pytest.raises(ModuleNotLoadable) as caught:
        load(binding, path)
    return str(caught.value.facts["reason"])


def test_a_path_with_nothing_there_is_told_in_the_loaders_words(
    binding: str, tmp_path: Path
) -> None:
    assert "No such file" in reason_of(binding, tmp_path / "gone.so")


def test_a_file_that_is_no_library_is_told(binding: str, tmp_path: Path) -> None:
    text = tmp_path / "notes.so"
    text.write_text("no library")
    assert "too short" in reason_of(binding, text) or "ELF" in reason_of(binding, text)


def test_a_library_for_another_machine_is_told(
    binding: str, softhsm: SoftHSM, tmp_path: Path
) -> None:
    foreign = tmp_path / "foreign.so"
    binary = bytearray(softhsm.module.read_bytes())
    binary[18:20] = (0x15).to_bytes(2, "little")  # e_machine: PowerPC64
    foreign.write_bytes(binary)
    assert str(foreign) in reason_of(binding, foreign)


def test_a_library_that_is_no_module_is_told(binding: str, tmp_path: Path) -> None:
    source = tmp_path / "other.c"
    source.write_text("int other(void);\nint other(void) { return 0; }\n")
    assert "no PKCS#11 module" in reason_of(binding, compile_library(source))


def test_a_relative_path_is_never_searched_for(binding: str) -> None:
    assert "not absolute" in reason_of(binding, Path("libsofthsm2.so"))


def test_a_module_that_does_not_initialise_is_told(
    binding: str, faulty: Path, faults: Callable[[str], None]
) -> None:
    faults("C_Initialize@*=0x30")
    assert "CKR_DEVICE_ERROR" in reason_of(binding, faulty)


def test_an_unknown_binding_is_a_broken_configuration(faulty: Path) -> None:
    with pytest.raises(BrokenConfiguration, match="ctypes"):
        load("ctypes", faulty)


def test_a_binding_that_is_not_installed_names_its_extra(
    binding: str, faulty: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, {"pykcs11": "PyKCS11"}.get(binding, "pkcs11"), None)
    monkeypatch.delitem(sys.modules, BINDINGS[binding], raising=False)
    with pytest.raises(AdapterBroken, match=rf"lockwright\[{binding}\]"):
        load(binding, faulty)


def test_neither_binding_is_imported_before_it_is_asked_for() -> None:
    program = (
        "import sys, lockwright.bindings, lockwright.pkcs11.standard\n"
        "heavy = {'pkcs11', 'PyKCS11', 'cryptography', 'asn1crypto'} & set(sys.modules)\n"
        "sys.exit(', '.join(sorted(heavy)) or 0)"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], env=os.environ, capture_output=True, text=True, check=False
    )
    assert (run.returncode, run.stderr) == (0, "")
