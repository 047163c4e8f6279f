"""Addresses of mail, as whoever writes a message needs them."""

from __future__ import annotations

from email.headerregistry import Address


def address_in(text: str, name: str = "") -> Address | None:
    """An address that mail can be sent to; None for what is none.

    Args:
        text: the address, such as ``desk@bank.example``.
        name: whose it is, as it stands before the address.
    """
    try:
        return Address(display_name=name, addr_spec=text)
    # The parser of Python's email package has many ways to fail, some of them its own mistakes
    # (Python 3.11: AttributeError for x@[y).
    except Exception:  # noqa: BLE001
        return None
