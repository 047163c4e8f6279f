"""Windows and macOS at the boundary: what their tools are sent, and what is understood of them.

Neither system is here, so a recorded program stands in for the tool. It shows that no secret is in
an argument or in the environment, and that what is sent is whole.
"""

from __future__ import annotations

import base64
import json
import re
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from lockwright.enrol.storage.pkcs12 import Identity, unseal
from lockwright.enrol.storage.stores.macos import MacosStore
from lockwright.enrol.storage.stores.windows import WindowsStore
from lockwright.enrol.token_key import SigningKey
from lockwright.enrol.trust import der
from lockwright.errors import StoreFailed
from lockwright.secret import Secret
from lockwright_testkit.pki import TestCa

_RECORDED = """#!{python}
import base64, json, os, pathlib, sys
folder = pathlib.Path({folder!r})
stdin = sys.stdin.buffer.read()
named = [word.strip(chr(34)) for word in stdin.decode().split() if ".p12" in word]
file = base64.b64encode(pathlib.Path(named[0]).read_bytes()).decode() if named else ""
call = {{"argv": sys.argv[1:], "environment": dict(os.environ), "stdin": stdin.decode(),
        "file": file}}
with (folder / "calls").open("a") as calls:
    calls.write(json.dumps(call) + "\\n")
answers = folder / "answers"
lines = answers.read_text().splitlines() if answers.exists() else []
answers.write_text("\\n".join(lines[1:]))
answer = json.loads(lines[0]) if lines else {{}}
sys.stdout.write(answer.get("out", ""))
sys.stderr.write(answer.get("err", ""))
sys.exit(answer.get("code", 0))
"""


@dataclass
class Recorded:
    """A program in PATH that notes what it is asked and answers what a test wants."""

    folder: Path

    def answers(self, *answers: dict[str, object]) -> None:
        (self.folder / "answers").write_text("\n".join(map(json.dumps, answers)))

    @property
    def calls(self) -> list[dict[str, object]]:
        return [json.loads(line) for line in (self.folder / "calls").read_text().splitlines()]

    def hides(self, secret: str) -> bool:
        """Whether a secret was in no argument and in no environment."""
        return not any(
            secret in json.dumps([call["argv"], call["environment"]]) for call in self.calls
        )


def recorded(folder: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> Recorded:
    program = folder / name
    program.write_text(_RECORDED.format(python=sys.executable, folder=str(folder)))
    program.chmod(0o700)
    monkeypatch.setenv("PATH", str(folder))
    return Recorded(folder)


@pytest.fixture
def powershell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Recorded:
    return recorded(tmp_path, "powershell.exe", monkeypatch)


@pytest.fixture
def security(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Recorded:
    return recorded(tmp_path, "security", monkeypatch)


def identity(ca: TestCa, key: SigningKey | None = None) -> Identity:
    own = key or ec.generate_private_key(ec.SECP256R1())
    return Identity(own, der(ca.issue(own.public_key(), "CN=Анна")), (der(ca.certificate),))


def thumbprint(certificate: bytes) -> str:
    found = x509.load_der_x509_certificate(certificate).fingerprint(hashes.SHA1())  # noqa: S303  # as both systems do
    return found.hex().upper()


def is_whole(sealed: bytes, password: str, mine: Identity) -> bool:
    """Whether a PKCS#12 file opens and holds all of an identity."""
    found = unseal(sealed, Secret(password))
    return (found.certificate, found.chain, found.key.private_numbers()) == (
        mine.certificate,
        mine.chain,
        mine.key.private_numbers(),
    )


# --- Windows ----------------------------------------------------------------------------------


def quoted(script: object) -> list[str]:
    return re.findall(r"FromBase64String\('([^']*)'\)", str(script))


def test_windows_gets_the_identity_in_a_script_on_stdin(powershell: Recorded, ca: TestCa) -> None:
    mine = identity(ca)
    WindowsStore().put(mine, "Анна'; Remove-Item x; '")
    (call,) = powershell.calls
    assert call["argv"] == ["-NoLogo", "-NoProfile", "-NonInteractive", "-Command", "-"]
    sealed, password, label = map(base64.b64decode, quoted(call["stdin"]))
    assert is_whole(sealed, password.decode(), mine)
    assert label.decode() == "Анна'; Remove-Item x; '"
    assert powershell.hides(password.decode())
    script = str(call["stdin"])
    assert "Remove-Item" not in script
    assert "Exportable" not in script
    assert script.endswith("}\n\n"), "PowerShell runs a line of stdin when an empty one follows"
    assert script.count("\n") == 2


def test_windows_says_whether_it_has_certificate_and_key(powershell: Recorded, ca: TestCa) -> None:
    mine = identity(ca)
    powershell.answers({"out": "whole\r\n"}, {"out": ""})
    assert [WindowsStore().has(mine.certificate) for _time in range(2)] == [True, False]
    assert thumbprint(mine.certificate) in str(powershell.calls[0]["stdin"])


@pytest.mark.parametrize("kind", ["rsa", "ec"])
def test_windows_proves_by_a_signature(
    powershell: Recorded, ca: TestCa, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """The signature must fit the very data that was sent, so a recorded one is refused."""
    key: SigningKey = (
        rsa.generate_private_key(65537, 2048)
        if kind == "rsa"
        else ec.generate_private_key(ec.SECP256R1())
    )
    mine = identity(ca, key)
    powershell.answers({"out": base64.b64encode(signed(key, b"anything else")).decode()})
    assert not WindowsStore().proves(mine.certificate)
    monkeypatch.setattr("secrets.token_bytes", lambda size: b"\7" * size)
    powershell.answers({"out": base64.b64encode(signed(key, b"\7" * 32)).decode()})
    assert WindowsStore().proves(mine.certificate)
    assert quoted(powershell.calls[-1]["stdin"]) == [base64.b64encode(b"\7" * 32).decode()]


def signed(key: SigningKey, data: bytes) -> bytes:
    """A signature as .NET gives it."""
    if isinstance(key, rsa.RSAPrivateKey):
        return key.sign(data, padding.PKCS1v15(), hashes.SHA256())
    numbers = decode_dss_signature(key.sign(data, ec.ECDSA(hashes.SHA256())))
    return b"".join(number.to_bytes(32, "big") for number in numbers)


def test_windows_removes_the_key_with_its_certificate(powershell: Recorded, ca: TestCa) -> None:
    mine = identity(ca)
    WindowsStore().remove(mine.certificate)
    script = str(powershell.calls[0]["stdin"])
    assert f"My\\{thumbprint(mine.certificate)}'" in script
    assert "-DeleteKey" in script


def test_what_windows_refuses_is_told_in_its_words(powershell: Recorded, ca: TestCa) -> None:
    powershell.answers({"err": "noise\nAccess is denied.\r\n", "code": 1})
    with pytest.raises(StoreFailed, match=r"Access is denied\."):
        WindowsStore().put(identity(ca), "anna")


def test_windows_without_powershell_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    assert "not installed: powershell.exe" in WindowsStore().missing()


# --- macOS ------------------------------------------------------------------------------------


def test_macos_gets_the_password_on_stdin_and_the_file_is_gone(
    security: Recorded, ca: TestCa
) -> None:
    mine = identity(ca)
    MacosStore().put(mine, "Анна")
    (call,) = security.calls
    assert call["argv"] == ["-i"]
    found = re.fullmatch(r'import "([^"]+)" -f pkcs12 -x -P ([0-9a-f]{64})\n', str(call["stdin"]))
    assert found is not None
    assert is_whole(base64.b64decode(str(call["file"])), found[2], mine)
    assert security.hides(found[2])
    assert not Path(found[1]).parent.exists()


def test_macos_has_what_it_lists_as_an_identity(security: Recorded, ca: TestCa) -> None:
    mine = identity(ca)
    listed = f'  1) {thumbprint(mine.certificate)} "Анна"\n     1 identities found\n'
    nothing = "     0 identities found\n"
    security.answers({"out": listed}, {"out": listed}, {"out": nothing}, {"out": nothing})
    store = MacosStore()
    assert (store.has(mine.certificate), store.proves(mine.certificate)) == (True, True)
    assert (store.has(mine.certificate), store.proves(mine.certificate)) == (False, False)
    assert security.calls[0]["argv"] == ["find-identity"]


def test_macos_removes_the_key_with_its_certificate(security: Recorded, ca: TestCa) -> None:
    mine = identity(ca)
    security.answers({"out": f'  1) {thumbprint(mine.certificate)} "x"\n'}, {})
    MacosStore().remove(mine.certificate)
    assert security.calls[1]["argv"] == ["delete-identity", "-Z", thumbprint(mine.certificate)]


def test_what_macos_refuses_is_told_in_its_words(security: Recorded, ca: TestCa) -> None:
    security.answers({"err": "security: SecKeychainItemImport: denied\n", "code": 1})
    with pytest.raises(StoreFailed, match="SecKeychainItemImport: denied"):
        MacosStore().put(identity(ca), "anna")


def test_macos_without_security_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    assert "not installed: security" in MacosStore().missing()
