"""Requests and Responses as people say them over the telephone.

The client's side and the bank's side both use this::

    spell(request)                              'A892 D756 0161 7C5D'
    request_check(serial, request).words("en")  two words that both sides read aloud
    read_request(typed, 8)                      what the bank's operator typed, as bytes
    spell_response(serial, request, response)   '1951 EC3E F81B BABB 40A7F'
    words_of("en")["A"]                         'Alfa', for letter by letter
    read_response(typed, serial, request, 8)    what the client typed, as bytes
    read_serial(typed, form)                    a serial number, in its vendor's form

The reference page ``docs/reference/spoken.md`` says it all in such a way that another program can
do the same.
"""

from __future__ import annotations

from lockwright.spoken.check import Check, request_check, response_check
from lockwright.spoken.reading import (
    CYRILLIC_READ_AS_LATIN,
    O_READ_AS_ZERO,
    Heard,
    read_request,
    read_response,
)
from lockwright.spoken.serials import read_serial
from lockwright.spoken.spelling import spell, spell_fingerprint, spell_response, words_of

__all__ = [
    "CYRILLIC_READ_AS_LATIN",
    "O_READ_AS_ZERO",
    "Check",
    "Heard",
    "read_request",
    "read_response",
    "read_serial",
    "request_check",
    "response_check",
    "spell",
    "spell_fingerprint",
    "spell_response",
    "words_of",
]
