"""Names between text, ``cryptography`` and DER."""

from __future__ import annotations

import pytest
from cryptography import x509
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st
from lockwright.certificates.attribute_types import KINDS
from lockwright.certificates.subjects import NotAName, escaped, exact, parse, with_values, written

VALUES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20)


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("UID=jsmith,DC=example,DC=net", None),
        ("OU=Sales+CN=J.  Smith,DC=example,DC=net", None),
        (r"CN=James \"Jim\" Smith\, III,DC=example,DC=net", None),
        (r"CN=Before\0dAfter,DC=example,DC=net", "CN=Before\rAfter,DC=example,DC=net"),
        ("CN=Lu\\C4\\8Di\\C4\\87", "CN=Lučić"),
        (r"CN=\ Anna\ ,O=\#1", None),
        ("cn = Anna , o = Bank", "CN=Anna,O=Bank"),
        ("2.5.4.3=Anna", "CN=Anna"),
        ("1.3.6.1.4.1.1466.0=#0c024869", None),
        ("CN=#1304416e6e61", "CN=Anna"),
        ("", None),
    ],
)
def test_texts_are_read_as_rfc_4514_says(text: str, same: str | None) -> None:
    assert written(parse(text)) == (text if same is None else same)


@given(st.lists(st.tuples(st.sampled_from([kind.name for kind in KINDS]), VALUES), max_size=4))
def test_any_name_comes_back_from_its_text(parts: list[tuple[str, str]]) -> None:
    texts = [f"{kind}={escaped(value)}" for kind, value in parts]
    name = parse(",".join(texts), complete=False)
    assert [attribute.value for attribute in name] == [value for _kind, value in parts][::-1]


@given(st.lists(st.tuples(st.sampled_from(["CN", "O", "GN", "2.5.4.13"]), VALUES), max_size=4))
def test_any_name_comes_back_from_how_it_is_written(parts: list[tuple[str, str]]) -> None:
    name = parse(",".join(f"{kind}={escaped(value)}" for kind, value in parts))
    assert parse(written(name)) == name


@pytest.mark.parametrize(
    "text",
    [
        "CN=Anna,O=Bank,C=RU",
        "CN=#1304416e6e61,O=#1e0800420061006e006b,C=#0c025255",
        "INN=007700000000+CN=Anna,1.2.643.3.131.1.1=#0c0137",
        "E=#0c03614062,E=anna@bank.example,2.5.4.97=#130137",
    ],
)
def test_bytes_come_back_from_the_exact_text(text: str) -> None:
    name = parse(text, complete=False)
    assert parse(exact(name), complete=False).public_bytes() == name.public_bytes()
    assert exact(parse(exact(name), complete=False)) == exact(name)


@pytest.mark.parametrize(
    "text",
    ["CN", "CN=a,", ",CN=a", "CN=a++O=b", "CN=a;O=b", r"CN=\FF", "CN=#0", "1.2=#0201ff", "=a"],
)
def test_what_is_no_name_is_refused(text: str) -> None:
    with pytest.raises(NotAName):
        parse(text)


def test_values_are_judged_when_they_are_put_in() -> None:
    name = parse("CN={login},INN={login}", complete=False)
    with pytest.raises(NotAName, match="INN must have 12 digits"):
        with_values(name, lambda _value: "7700")
    found = with_values(name, lambda _value: "770000000000")
    assert [attribute.value for attribute in found] == ["770000000000"] * 2


def test_the_string_type_of_a_value_stays_as_it_is() -> None:
    printable = x509.name._ASN1Type.PrintableString
    name = x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Bank", printable)])
    kept = with_values(name, str)
    assert kept.public_bytes() == name.public_bytes()
