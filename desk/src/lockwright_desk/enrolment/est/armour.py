"""Base64 in the form that the client at hand can read.

RFC 7030 has MIME's base64, of lines; RFC 8951 lets its sender leave the line ends out. Both forms
have clients that cannot read them. OpenSSL's ``BIO_f_base64``, on which libest's client is built
for ``/cacerts``, wants lines, with an end behind the last one. ``pki`` of strongSwan 5.9.8 wants a
single line, and says nothing of itself, neither ``User-Agent`` nor ``Accept``; 6.0.1 reads both.
"""

from __future__ import annotations

import base64

from starlette.datastructures import Headers

_LINE = 64
"""Characters; what libest's own server and OpenSSL write."""


def armoured(der: bytes, asked: Headers) -> bytes:
    """An answer in base64: in lines, or in one where the client does not say what it is.

    Args:
        der: the answer.
        asked: the headers of the request.
    """
    text = base64.b64encode(der)
    if "user-agent" not in asked and "accept" not in asked:
        return text
    return b"".join(text[at : at + _LINE] + b"\n" for at in range(0, len(text), _LINE))
