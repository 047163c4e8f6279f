from __future__ import annotations

from ctypes import POINTER, byref, c_char_p, c_ulong
from pathlib import Path

import pytest
from lockwright.errors import NotSupported
from lockwright.pkcs11.vendor import Prototype, VendorFunctions
from lockwright.secret import Secret
from lockwright_testkit.interposer import compile_library

LIBRARY = """
unsigned long VX_Sum(const unsigned char *text, unsigned long length, unsigned long *sum);
unsigned long VX_Sum(const unsigned char *text, unsigned long length, unsigned long *sum)
{
    *sum = 0;
    for (unsigned long i = 0; i < length; i++)
        *sum += text[i];
    return length ? 0 : 0x7;
}
static unsigned long listed(unsigned long number) { return number + 1; }
unsigned long VX_Where(void);
unsigned long VX_Where(void) { return (unsigned long)listed; }
"""
TABLE = (
    Prototype("VX_Sum", (c_char_p, c_ulong, POINTER(c_ulong))),
    Prototype("VX_AddedNextYear", (c_ulong,)),
    Prototype("VX_Where", ()),
    Prototype("VX_Listed", (c_ulong,)),
)


@pytest.fixture
def library(tmp_path: Path) -> Path:
    source = tmp_path / "vendor.c"
    source.write_text(LIBRARY)
    return compile_library(source)


@pytest.fixture
def functions(library: Path) -> VendorFunctions:
    return VendorFunctions(library, TABLE)


def test_an_export_is_called_by_its_prototype(functions: VendorFunctions) -> None:
    total = c_ulong()
    assert functions.has("VX_Sum")
    assert functions.call("VX_Sum", b"\x01\x02", 2, byref(total)) == 0
    assert total.value == 3
    assert functions.call("VX_Sum", b"", 0, byref(total)) == 0x7


def test_a_secret_is_given_as_its_own_buffer_and_can_be_wiped_after(
    functions: VendorFunctions,
) -> None:
    total, pin = c_ulong(), Secret(b"\x05\x00\x06")
    functions.call("VX_Sum", pin, len(pin), byref(total))
    assert total.value == 11
    pin.wipe()


def test_an_export_this_version_lacks_is_declared_and_never_crashes(
    functions: VendorFunctions,
) -> None:
    assert not functions.has("VX_AddedNextYear")
    with pytest.raises(NotSupported, match="VX_AddedNextYear"):
        functions.call("VX_AddedNextYear", 1)


def test_a_function_that_is_listed_and_not_exported_is_called_where_it_lies(library: Path) -> None:
    exported = VendorFunctions(library, TABLE)
    assert not exported.has("VX_Listed")
    both = VendorFunctions(library, TABLE, {"VX_Listed": exported.call("VX_Where"), "VX_Sum": 0})
    assert both.call("VX_Listed", 41) == 42
    assert both.call("VX_Sum", b"", 0, byref(c_ulong())) == 0x7  # an export comes first


def test_a_pin_of_a_pad_is_not_sent_empty_to_a_vendors_function(functions: VendorFunctions) -> None:
    """It would be an empty PIN, and cost a try."""
    total = c_ulong(7)

    with pytest.raises(NotSupported, match="take this PIN from its PIN pad"):
        functions.call("VX_Sum", Secret(b""), 0, byref(total))

    assert total.value == 7
