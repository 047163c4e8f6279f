"""What must be true after a kill, and at the end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Content = dict[str, Any]
"""What is on the token and in the journal, as the driver reports it; or an error, in ``error``."""

_CLEARING, _UNDOING = "clearing", "undoing"
"""Steps of the journal: the new certificate was proved; all that was made is removed."""


@dataclass(frozen=True)
class Judge:
    """Compares what is there with what was.

    Every judgement is a text that says what is wrong; empty if all is right.
    """

    before: Content
    """The token with its old certificate."""
    replaces: bool
    """Whether the old container is to go in the end."""

    def kept(self, left: Content, issued: str | None) -> str:
        """Right after the kill: the old one is whole, unless the new one was proved to work."""
        if "error" in left:
            return str(left["told"])
        if all(old in left["containers"] for old in self.before["containers"]):
            return ""
        if self.replaces and left["step"] in {_CLEARING, None} and self._new(left, issued):
            return ""
        return f"the old certificate is gone, and the new one is not proved: {left}"

    def enrolled(self, content: Content, issued: str | None) -> str:
        """One new container, whole, with the certificate that was issued; the old as it should."""
        if "error" in content:
            return str(content["told"])
        old = self.before["containers"]
        kept = [each for each in content["containers"] if each in old]
        right = (
            content["step"] is None
            and content["loose"] == self.before["loose"]
            and kept == ([] if self.replaces else old)
            and len(content["containers"]) == len(kept) + 1
            and self._new(content, issued)
        )
        return "" if right else f"not exactly one new certificate: {content}"

    def undone(self, content: Content) -> str:
        """The token is as it was."""
        if "error" in content:
            return str(content["told"])
        right = content["step"] is None and content["digest"] == self.before["digest"]
        return "" if right else f"the token is not as it was: {content}"

    def too_late(self, end: Content, left: Content) -> bool:
        """Whether it is refused to undo an enrolment whose certificate was proved to work."""
        return (
            self.replaces and end.get("error") == "enrolment-too-late" and left["step"] == _CLEARING
        )

    def given_up(self, left: Content, end: Content) -> bool:
        """Whether nothing is left to continue, or it was refused and the rest undone."""
        if left["step"] is None:
            return True
        return left["step"] == _UNDOING and end.get("error") == "enrolment-undone"

    def _new(self, content: Content, issued: str | None) -> bool:
        """Whether there is a container with the certificate that was issued, and its two keys."""
        return any(
            (each["state"], each["objects"], each["certificates"]) == ("complete", 3, [issued])
            for each in content["containers"]
        )
