"""``lockwright-kit verify`` finds whatever is wrong with a bundle, and says it of the file."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest
from lockwright_testkit.bundle import pins, sums
from lockwright_testkit.bundle.signature import Signed
from lockwright_testkit.bundle.verify import verify
from lockwright_testkit.cli.app import main
from lockwright_testkit.pki import TestCa, key_pem, pem
from made_bundle import Damage, make_bundle, make_wheel, remade, rewrite, seal

CLICK = "wheels/click-8.5.1-cp311-cp311-manylinux_2_34_x86_64.whl"
CORE = "wheels/lockwright-0.1.0-py3-none-any.whl"
ACME = "wheels/lockwright_acme-0.1.0-py3-none-any.whl"


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    return make_bundle(tmp_path / "bundle")


def piped(folder: Path) -> None:
    """Put a pipe in the place of a file: it never ends."""
    (folder / pins.FILE).unlink()
    os.mkfifo(folder / pins.FILE)


def renamed(folder: Path) -> None:
    (folder / ACME).rename(folder / ACME.replace("0.1.0", "0.1.1"))
    seal(folder)


UNSEALED: dict[str, tuple[Damage, str, str]] = {
    "a wheel was changed": (
        lambda b: (b / CORE).write_bytes(b"another"),
        CORE,
        "was changed: its SHA-256 is",
    ),
    "a wheel is gone": (lambda b: (b / CLICK).unlink(), CLICK, "is listed but not there"),
    "a file was added": (lambda b: (b / "setup.py").touch(), "setup.py", "is there but not listed"),
    "an empty folder was added": (
        lambda b: (b / "wheels" / "more").mkdir(),
        "wheels/more",
        "is there but not listed",
    ),
    "a wheel was added": (
        lambda b: make_wheel(b / "wheels", "evil", "1"),
        "wheels/evil-1-py3-none-any.whl",
        "is not in bundle.json",
    ),
    "a link leads out": (
        lambda b: (b / "link").symlink_to("/etc/passwd"),
        "link",
        "is there but not listed",
    ),
    "a file is a pipe": (piped, pins.FILE, "cannot be read: it is no plain file"),
    "the sums are gone": (
        lambda b: (b / sums.FILE).unlink(),
        sums.FILE,
        "cannot be read: No such file or directory",
    ),
}
SEALED: dict[str, tuple[Damage, str, str]] = {
    "the manifest is none": (
        rewrite("bundle.json", '"format": 1', '"format": 2'),
        "bundle.json",
        "cannot be read: it is not of format 1",
    ),
    "the manifest names a wheel elsewhere": (
        rewrite("bundle.json", CLICK, f"wheels/../{CLICK}"),
        "bundle.json",
        "which is not in wheels/",
    ),
    "pip might ask the network": (
        rewrite(pins.FILE, "--no-index\n", ""),
        pins.FILE,
        "lacks --no-index",
    ),
    "another index is named": (
        rewrite(pins.FILE, "--no-index\n", "--no-index\n--extra-index-url https://evil.example\n"),
        pins.FILE,
        "has a line that is no pin: --extra-index-url",
    ),
    "a pin is missing": (
        rewrite(pins.FILE, "click==8.5.1", "colour==8.5.1"),
        pins.FILE,
        "does not pin click",
    ),
    "another version is pinned": (
        rewrite(pins.FILE, "click==8.5.1", "click==8.5.2"),
        pins.FILE,
        "pins click as 8.5.2",
    ),
    "a name lies": (renamed, ACME.replace("0.1.0", "0.1.1"), "holds lockwright-acme 0.1.0"),
    "a wheel is for another Python": (
        remade("click", "8.5.1", tag="cp313-cp313-manylinux_2_34_x86_64"),
        CLICK.replace("cp311", "cp313"),
        "does not install on Python 3.11",
    ),
    "a wheel wants a newer Python": (
        remade("lockwright", "0.1.0", "click>=8", python=">=3.12"),
        CORE,
        "wants Python >=3.12",
    ),
    "the core was upgraded alone": (
        remade("lockwright", "0.2.0", "click>=8"),
        CORE.replace("0.1.0", "0.2.0"),
        "is 0.2.0, but lockwright-acme takes lockwright<0.2,>=0.1",
    ),
    "the adapter was upgraded alone": (
        remade("lockwright-acme", "0.2.0", "lockwright>=0.2,<0.3", plugin=True),
        CORE,
        "is 0.1.0, but lockwright-acme takes lockwright<0.3,>=0.2",
    ),
    "a dependency is missing": (
        remade("lockwright", "0.1.0", "click>=8", "rich>=13"),
        "wheels/",
        "lack rich>=13, which lockwright needs",
    ),
    "a plugin came along": (
        remade("lockwright-other", "0.1.0", plugin=True),
        "wheels/lockwright_other-0.1.0-py3-none-any.whl",
        "is a plugin that nobody asked for",
    ),
    "a wheel that nothing needs came along": (
        remade("miner", "1"),
        "wheels/miner-1-py3-none-any.whl",
        "is needed by nothing that was asked for",
    ),
    "what was asked for is not there": (
        lambda b: seal(b, "lockwright-acme", "lockwright-other"),
        "wheels/",
        "lack lockwright-other, which bundle.json needs",
    ),
    "a wheel names no licence": (
        remade("click", "8.5.1", licence=""),
        "wheels/click-8.5.1-py3-none-any.whl",
        "names no licence",
    ),
    "the licence is another": (
        rewrite("bundle.json", '"MIT"', '"GPL-2.0-or-later"'),
        CORE,
        "has another licence than bundle.json says",
    ),
    "the text of a licence is another": (
        rewrite("licences/click-8.5.1/LICENSE", "MIT", "BSD"),
        "licences/click-8.5.1/LICENSE",
        f"is not what {CLICK} brings",
    ),
    "the SBOM of a wheel is another": (
        rewrite("sboms/click-8.5.1/parts.json", "CycloneDX", "SPDX"),
        "sboms/click-8.5.1/parts.json",
        f"is not what {CLICK} brings",
    ),
    "the SBOM forgets one": (
        rewrite("sbom.cdx.json", '"click"', '"clock"'),
        "sbom.cdx.json",
        "does not name click",
    ),
    "the SBOM has another version": (
        rewrite("sbom.cdx.json", '"8.5.1"', '"8.5.2"'),
        "sbom.cdx.json",
        "has another version or hash of click",
    ),
}


def test_a_whole_bundle_is_found_whole(bundle: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", str(bundle)]) == 0

    shown = capsys.readouterr().out
    assert "lockwright-acme for Python 3.11 on manylinux_2_34_x86_64" in shown
    assert shown.endswith("Nobody signed it.\nIt is whole.\n")


@pytest.mark.parametrize("what", [*UNSEALED, *SEALED])
def test_what_is_wrong_is_said_of_the_file(what: str, bundle: Path) -> None:
    damage, file, said = {**UNSEALED, **SEALED}[what]

    damage(bundle)

    found = verify(bundle).findings
    assert [each for each in found if each.file == file and said in each.what], found
    if what in SEALED:
        assert not [each for each in found if "SHA-256" in each.what or "listed" in each.what]


def test_a_program_gets_every_finding_and_another_exit_code(
    bundle: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (bundle / "setup.py").touch()

    assert main(["verify", str(bundle), "--json"]) == 41

    told = json.loads(capsys.readouterr().out)
    assert told["whole"] is False
    assert told["signature"] == "not signed"
    assert told["findings"] == [{"file": "setup.py", "what": "is there but not listed"}]
    assert [each["name"] for each in told["bundle"]["wheels"]] == [
        *("click", "lockwright", "lockwright-acme"),
    ]


def sign(bundle: Path, ca: TestCa, folder: Path) -> None:
    """Sign as the how-to says."""
    certificate, key = ca.server("signer.bank.example")
    (folder / "signer.pem").write_bytes(pem(certificate))
    (folder / "signer.key").write_bytes(key_pem(key))
    command: list[str | Path] = [
        *("openssl", "cms", "-sign", "-binary", "-in", bundle / sums.FILE),
        *("-signer", folder / "signer.pem", "-inkey", folder / "signer.key"),
        *("-outform", "DER", "-out", bundle / sums.SIGNATURE),
    ]
    subprocess.run(command, check=True, capture_output=True)


def test_a_signature_counts_only_for_the_ca_that_was_named(bundle: Path, tmp_path: Path) -> None:
    ca, other = TestCa.root("CN=Bank"), TestCa.root("CN=Bank")
    ours, theirs = tmp_path / "ours.pem", tmp_path / "theirs.pem"
    ours.write_bytes(pem(ca.certificate))
    theirs.write_bytes(pem(other.certificate))

    assert verify(bundle, ours).signed is Signed.NOT
    assert [each.what for each in verify(bundle, ours).findings] == [
        "is missing; nobody signed this bundle"
    ]
    sign(bundle, ca, tmp_path)
    assert verify(bundle).signed is Signed.UNCHECKED
    assert (verify(bundle, ours).signed, verify(bundle, ours).findings) == (Signed.VALID, ())
    assert verify(bundle, theirs).signed is Signed.WRONG
    rewrite(pins.FILE, "--no-index\n", "\n--no-index\n")(bundle)
    assert verify(bundle, ours).signed is Signed.WRONG
