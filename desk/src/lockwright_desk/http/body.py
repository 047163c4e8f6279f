"""The body of a request: no longer than it may be, and not slower."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterable

from starlette.requests import ClientDisconnect

from lockwright_desk.http.refusals import BodyCutOff, BodyTooLarge, BodyTooSlow

LONGEST = 64 * 1024
"""Bytes; a request for a key of 4096 bits has about two thousand."""
SECONDS = 20.0
"""How long a body may take."""


async def read_body(chunks: AsyncIterable[bytes], announced: str | None, longest: int) -> bytes:
    """All of a body.

    Args:
        chunks: its parts as they come.
        announced: its ``Content-Length``, if there is one.
        longest: how many bytes it may have.

    Raises:
        BodyTooLarge, BodyTooSlow, BodyCutOff: it is not read to its end.
    """
    if announced is not None and announced.isdecimal() and int(announced) > longest:
        raise BodyTooLarge(limit=longest)
    body = bytearray()
    try:
        async with asyncio.timeout(SECONDS):
            async for chunk in chunks:
                body += chunk
                if len(body) > longest:
                    raise BodyTooLarge(limit=longest)
    except TimeoutError:
        raise BodyTooSlow from None
    except ClientDisconnect:
        raise BodyCutOff from None
    return bytes(body)
