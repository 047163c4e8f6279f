"""Loading a module over a binding: lazily, from absolute paths, and why it does not load."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from lockwright.bindings import BINDINGS, load
from lockwright.errors import AdapterBroken, BrokenConfiguration, ModuleNotLoadable, ModuleNotReady
from lockwright.pkcs11.loading import load_reason
from lockwright_testkit.interposer import compile_library
from lockwright_testkit.softhsm import SoftHSM

NEEDING = "int other(void); int own(void) { return other(); }"


def linked(library: Path, source: str, *words: str) -> Path:
    """A shared library of one C function."""
    library.with_suffix(".c").write_text(source)
    command = ("cc", "-shared", "-fPIC", "-o", library.name, f"{library.stem}.c", *words)
    subprocess.run(command, cwd=library.parent, check=True)
    return library


def reason_of(binding: str, path: Path) -> str:
    with pytest.raises(ModuleNotLoadable) as caught:
        load(binding, path)
    return str(caught.value.facts["reason"])


def test_a_path_with_nothing_there_is_told(binding: str, tmp_path: Path) -> None:
    assert reason_of(binding, tmp_path / "gone.so") == "there is no such file or folder"
    assert reason_of(binding, tmp_path) == "it is a folder"


def test_a_file_that_is_no_library_is_told(binding: str, tmp_path: Path) -> None:
    text = tmp_path / "notes.so"
    text.write_text("no library")
    assert reason_of(binding, text) == "it is not a shared library"


def test_a_library_for_another_machine_is_told(
    binding: str, softhsm: SoftHSM, tmp_path: Path
) -> None:
    foreign = tmp_path / "foreign.so"
    binary = bytearray(softhsm.module.read_bytes())
    binary[18:20] = (0x15).to_bytes(2, "little")  # e_machine: PowerPC64
    foreign.write_bytes(binary)
    assert reason_of(binding, foreign) == "it was built for another processor"


def test_a_library_that_another_one_needs_is_named_when_it_is_missing(
    binding: str, tmp_path: Path
) -> None:
    needed = linked(tmp_path / "needed.so", "int other(void) { return 0; }")
    module = linked(tmp_path / "needing.so", NEEDING, "needed.so")
    needed.unlink()
    told = reason_of(binding, module)
    assert told == "it needs the library needed.so, which is not there"


def test_a_function_that_no_library_has_is_named(binding: str, tmp_path: Path) -> None:
    module = linked(tmp_path / "needing.so", NEEDING, "-Wl,-z,now")
    told = reason_of(binding, module)
    assert told == "it needs the function other, which no library here has"


def test_a_library_that_is_older_than_another_one_needs_is_named(
    binding: str, tmp_path: Path
) -> None:
    module: Path | None = None
    for version in ("V_2", "V_1"):
        (tmp_path / "versions.map").write_text(f"{version} {{ global: other; }};\n")
        named = ("-Wl,--version-script,versions.map", "-Wl,-soname,old.so")
        linked(tmp_path / "old.so", "int other(void) { return 0; }", *named)
        module = module or linked(
            tmp_path / "needing.so", NEEDING, "old.so", f"-Wl,-rpath,{tmp_path}"
        )
    told = reason_of(binding, module or tmp_path)
    assert told == "it needs V_2, and the old.so of this system is too old for that"


def test_other_words_of_the_loader_are_a_quotation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lockwright.i18n._language", "ru")
    module = linked(tmp_path / "any.so", "int other(void) { return 0; }")
    told = load_reason(module, OSError(f"{module}: cannot allocate memory in static TLS block"))
    assert told == "загрузчик сообщает: «cannot allocate memory in static TLS block»"


def test_a_library_that_is_no_module_is_told(binding: str, tmp_path: Path) -> None:
    source = tmp_path / "other.c"
    source.write_text("int other(void);\nint other(void) { return 0; }\n")
    assert "not a PKCS#11 module" in reason_of(binding, compile_library(source))


def test_a_relative_path_is_never_searched_for(binding: str) -> None:
    assert "not absolute" in reason_of(binding, Path("libsofthsm2.so"))


def test_a_module_that_does_not_initialise_is_told(
    binding: str, faulty: Path, faults: Callable[[str], None]
) -> None:
    faults("C_Initialize@*=0x30")
    with pytest.raises(ModuleNotReady, match="C_Initialize: CKR_DEVICE_ERROR"):
        load(binding, faulty)


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
    there = modules_after("import lockwright.bindings, lockwright.pkcs11.standard")

    assert not there & {"pkcs11", "PyKCS11", "cryptography", "asn1crypto"}


def test_python_pkcs11_is_imported_without_helpers_that_nobody_asked_for() -> None:
    there = modules_after("import lockwright.bindings.python_pkcs11")

    assert "pkcs11._pkcs11" in there
    assert "asn1crypto" not in there


def test_a_helper_of_python_pkcs11_is_there_for_an_adapter_that_asks_for_it() -> None:
    there = modules_after(
        "import lockwright.bindings.python_pkcs11, pkcs11.util.rsa",
        "pkcs11.util.rsa.encode_rsa_public_key",
    )

    assert "asn1crypto.keys" in there


def modules_after(*lines: str) -> set[str]:
    """The modules that an interpreter of its own has imported then."""
    program = "\n".join([*lines, "import sys", "print(*sys.modules)"])
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())
