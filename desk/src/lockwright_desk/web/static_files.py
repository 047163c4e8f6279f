"""Style and script: read once, each under an address that changes with its content."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from lockwright_desk.web.places import STATIC

FOLDER = Path(__file__).parent / "static"
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
_FOR_EVER = "public, max-age=31536000, immutable"
_MARK = 12
"""Hex digits of SHA-256 in an address."""


@dataclass(frozen=True, slots=True)
class _File:
    body: bytes
    media_type: str
    mark: str


class StaticFiles:
    """The files beside the pages; no other path leads anywhere."""

    def __init__(self) -> None:
        self._files = {
            path.name: _read(path) for path in sorted(FOLDER.iterdir()) if path.suffix in TYPES
        }

    def address(self, name: str) -> str:
        """Where a page finds a file.

        Raises:
            KeyError: there is none.
        """
        return f"{STATIC}/{self._files[name].mark}/{name}"

    async def serve(self, request: Request) -> Response:
        """Answer with a file."""
        name, mark = request.path_params["name"], request.path_params["mark"]
        found = self._files.get(name)
        if found is None or found.mark != mark:
            return Response(status_code=404)
        headers = {"Cache-Control": _FOR_EVER}
        return Response(found.body, media_type=found.media_type, headers=headers)


def _read(path: Path) -> _File:
    body = path.read_bytes()
    return _File(body, TYPES[path.suffix], hashlib.sha256(body).hexdigest()[:_MARK])
