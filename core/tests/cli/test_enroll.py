from __future__ import annotations

import subprocess

import pytest
from cryptography import x509
from lockwright_testkit.pki import TestCa
from lockwright_testkit.program import Program
from lockwright_testkit.pseudo_terminal import Terminal
from lockwright_testkit.softhsm import USER_PIN, AddedToken, SoftHSM

PIN = ("--pin-file", "user.pin")
SUBJECT = ("--subject", "CN=Anna Petrova,O=Bank")


def containers(program: Program) -> list[dict[str, object]]:
    found: list[dict[str, object]] = program.run("list", *PIN, "--json").document["containers"]
    return found


def openssl(program: Program, *arguments: str) -> str:
    done = subprocess.run(
        ["openssl", *arguments], cwd=program.home, capture_output=True, text=True, check=True
    )
    return done.stdout + done.stderr


def test_a_certificate_enrolled_by_hand_works_in_other_programs(
    program: Program, token: AddedToken, softhsm: SoftHSM, ca: TestCa
) -> None:
    made = program.run("enroll", "--csr-out", "a.csr", *SUBJECT, "--key-type", "rsa:2048", *PIN)
    assert made.code == 0
    assert "a.csr" in made.out
    assert "--certificate" in made.err
    assert "verify OK" in openssl(program, "req", "-in", "a.csr", "-noout", "-verify")

    (program.home / "a.pem").write_bytes(ca.answer((program.home / "a.csr").read_bytes()))
    stored = program.run("enroll", "--certificate", "a.pem", "--trust", "ca.pem", *PIN)
    assert stored.code == 0
    assert "Anna Petrova" in stored.out

    [container] = program.run("list", "--json").document["containers"]
    (program.home / "data").write_text("Pay 100 roubles.")
    subprocess.run(
        [
            *("pkcs11-tool", "--module", str(softhsm.module), "--login", "--pin", USER_PIN),
            *("--sign", "--mechanism", "SHA256-RSA-PKCS", "--id", container["id"]),
            *("--input-file", "data", "--output-file", "signature"),
        ],
        cwd=program.home,
        capture_output=True,
        check=True,
    )
    public = openssl(program, "x509", "-in", "a.pem", "-pubkey", "-noout")
    (program.home / "public.pem").write_text(public)
    said = openssl(
        program, "dgst", "-sha256", "-verify", "public.pem", "-signature", "signature", "data"
    )
    assert "Verified OK" in said


def test_the_request_goes_to_stdout_and_nothing_else_does(
    program: Program, token: AddedToken
) -> None:
    ended = program.run("enroll", "--csr-out", "-", *SUBJECT, *PIN)
    assert ended.code == 0
    assert x509.load_pem_x509_csr(ended.out.encode()).is_signature_valid
    assert ended.out.startswith("-----BEGIN CERTIFICATE REQUEST")


@pytest.mark.parametrize("name", ["a.csr", "-"])
def test_the_answer_for_programs_holds_the_request(
    program: Program, token: AddedToken, name: str
) -> None:
    document = program.run("enroll", "--csr-out", name, *SUBJECT, *PIN, "--json").document
    request = x509.load_pem_x509_csr(document["request"]["pem"].encode())
    assert request.is_signature_valid
    assert document["request"]["file"] == (None if name == "-" else name)
    assert document["request"]["key"]["id"] == containers(program)[0]["id"]


def test_the_certificate_comes_from_stdin(program: Program, token: AddedToken, ca: TestCa) -> None:
    request = program.run("enroll", "--csr-out", "-", *SUBJECT, *PIN).out
    ended = program.run(
        *("enroll", "--certificate", "-", "--trust", "ca.pem", *PIN),
        stdin=ca.answer(request.encode()).decode(),
    )
    assert ended.code == 0, ended.err


def test_a_file_that_exists_is_kept_and_no_key_is_made(program: Program, token: AddedToken) -> None:
    (program.home / "a.csr").write_text("mine")
    ended = program.run("enroll", "--csr-out", "a.csr", *SUBJECT, *PIN, "--json")
    assert (ended.code, ended.error["code"]) == (14, "file-not-written")
    assert (program.home / "a.csr").read_text() == "mine"
    assert containers(program) == []


def test_a_folder_that_is_not_there_is_told_before_a_key_is_made(
    program: Program, token: AddedToken
) -> None:
    ended = program.run("enroll", "--csr-out", "nowhere/a.csr", *SUBJECT, *PIN, "--json")
    assert (ended.code, ended.error["code"]) == (14, "file-not-written")
    assert containers(program) == []


def test_a_request_is_printed_if_its_file_is_taken_in_the_meantime(
    program: Program, token: AddedToken, terminal: Terminal
) -> None:
    screen = terminal(program, "enroll", "--csr-out", "a.csr", *SUBJECT)
    screen.reads("User PIN:")
    assert not (program.home / "a.csr").exists()
    (program.home / "a.csr").write_text("mine")
    screen.types(USER_PIN)

    code, said = screen.ends()

    assert code == 14
    (container,) = containers(program)
    assert str(container["id"]) in said
    shown = "\n".join(screen.lines)
    request = shown[shown.index("-----BEGIN") : shown.index("Error:")]
    assert x509.load_pem_x509_csr(request.encode()).is_signature_valid
    assert (program.home / "a.csr").read_text() == "mine"


def test_nothing_but_the_request_is_left_in_the_folder(program: Program, token: AddedToken) -> None:
    before = set(program.home.iterdir())
    assert program.run("enroll", "--csr-out", "a.csr", *SUBJECT, *PIN).code == 0
    assert program.run("enroll", "--csr-out", "b.csr", *SUBJECT, "--pin-fd", "77").code == 3
    left = {path.name for path in set(program.home.iterdir()) - before}
    assert left == {"a.csr", "state"}
    assert (program.home / "a.csr").stat().st_mode & 0o777 == 0o644


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("--csr-out", "a.csr"),
        ("--csr-out", "a.csr", "--certificate", "a.pem"),
        ("--csr-out", "a.csr", *SUBJECT, "--trust", "ca.pem"),
        ("--certificate", "a.pem", "--label", "x"),
    ],
)
def test_options_that_do_not_go_together_are_refused(
    program: Program, token: AddedToken, arguments: tuple[str, ...]
) -> None:
    ended = program.run("enroll", *arguments, *PIN)
    assert ended.code == 2
    assert "lockwright enroll --help" in ended.err


@pytest.mark.parametrize("subject", ["no name", "CN", ""])
def test_a_subject_that_is_no_name_is_told_before_a_key_is_made(
    program: Program, token: AddedToken, subject: str
) -> None:
    ended = program.run("enroll", "--csr-out", "a.csr", "--subject", subject, *PIN)
    assert ended.code == (9 if subject else 2)
    assert containers(program) == []
    assert not (program.home / "a.csr").exists()


def test_a_key_type_the_token_lacks_is_told_with_those_it_has(
    program: Program, token: AddedToken
) -> None:
    ended = program.run("enroll", "--csr-out", "a.csr", *SUBJECT, "--key-type", "rsa:512", *PIN)
    assert ended.code == 12
    assert "rsa:2048" in ended.err
    assert not (program.home / "a.csr").exists()
