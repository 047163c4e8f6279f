"""The steps of an acceptance: in which order, what each needs, what each may cost the token."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Planned:
    """A step."""

    name: str
    title: str
    """What is done, for the person who looks on."""
    officer: bool = False
    """Whether it takes the SO PIN."""
    hands: bool = False
    """Whether a person has to do something to the token."""
    cuts: str = ""
    """What is left if it is cut short; empty: nothing."""


_OTHER_PIN = "the user PIN may be another one, which the SO PIN sets anew"
_LOCKED = "the user PIN may be locked, until the SO PIN sets it anew"
STEPS = (
    Planned("look", "what the token tells to everyone"),
    Planned(
        "operations", "operations of the adapter: find, list, make a key and a request, delete"
    ),
    Planned("contents", "objects: two of one name, what is not there, a second program"),
    Planned("attributes", "a request for more and more attributes at once", cuts="one certificate"),
    Planned("pull", "the token is pulled out and put back", hands=True),
    Planned("user-rules", "which user PINs it takes", officer=True, cuts=_OTHER_PIN),
    Planned("so-rules", "which SO PINs it takes", officer=True, cuts="the SO PIN may be another"),
    Planned("response", "a Request, and a wrong Response to it"),
    Planned("tries", "wrong user PINs until it is locked", officer=True, cuts=_LOCKED),
    Planned("unlock", "the SO PIN gives the user PIN back", officer=True, cuts=_OTHER_PIN),
    Planned("pins", "the adapter sets and changes the user PIN", officer=True, cuts=_OTHER_PIN),
)
LAST = Planned("so-tries", "wrong SO PINs until it is locked for good", officer=True)
LOSSES = (
    "objects of it are made and deleted again; its PINs are changed dozens of times and set back",
    "the user PIN is locked, and set again with the SO PIN",
    "wrong Responses may cost the administrator two tries, or two of the token's unblocks",
    "a module that crashes midway may leave other PINs or an object: initialise the token then",
)
LOST_FOR_GOOD = "the SO PIN is locked for good: the token cannot be used by a bank any more"
NOBODY, NO_SO_PIN = "nobody is there to do it", "it takes the SO PIN"
NO_LOGIN, NOT_OFFERED = "the token takes no login with the SO PIN", "not offered: "
"""How the reasons begin why a step may be left out: a person or the token has it so."""
