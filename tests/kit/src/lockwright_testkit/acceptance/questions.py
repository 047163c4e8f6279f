"""What each personality of the simulator does not know of the real token.

It is the table of docs/reference/simulator.md, which a test holds this against.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Question:
    """One thing that a real token has yet to confirm."""

    of: str
    """A personality, or several that begin so."""
    asks: str
    """The question, as the reference words it."""
    settings: tuple[str, ...] = ()
    """The settings that stand for the answer; none where the simulator does one thing only."""


def _all(of: str, *told: tuple[str, str]) -> tuple[Question, ...]:
    return tuple(Question(of, asks, tuple(settings.split())) for asks, settings in told)


QUESTIONS = (
    *_all(
        "jacarta-pki",
        ("what a wrong Response returns", "response.wrong.rv"),
        ("what a Response returns when no challenge is pending", "response.void.rv"),
        ("what a Response returns when the administrator is a PIN", "response.no-key.rv"),
        ("what `C_Login(CKU_SO)` returns when the administrator is a key", "so.login.rv"),
        ("what `JC_PKI_WipeCard` returns where it is not allowed", "wipe.refused.rv"),
        ("whether it leaves PINs and label, or a blank applet", "wipe.leaves"),
        ("whether `JC_PKI_GetComplexity` tells what is in force or what waits", "complexity.tells"),
        ("whether a challenge survives calls that ask the module alone", "challenge.strict"),
        ("whether a challenge survives `C_Finalize`", ""),
        ("what `C_InitToken` gets where the administrator is a key", ""),
        ("which code refuses a PIN that breaks the complexity", ""),
        ("whether a refused new PIN costs a try or the challenge", ""),
        ("whether `C_InitPIN` counts as an unblock", ""),
    ),
    *_all(
        "jacarta-pro",
        ("the rule of a Response", "response.rule"),
        ("the length of challenge and Response", "challenge.length response.length"),
        (
            "what a wrong Response, and one without a challenge, returns",
            "response.wrong.rv response.void.rv",
        ),
        ("who may call `JC_PJ_SetUserPinPolicy`", ""),
    ),
    *_all(
        "jacarta-gost2",
        ("the rule of a Response, lengths, return values", ""),
        ("whether a wrong Response costs a try", ""),
        ("which call sets the PIN after a login with the PUK", "puk.sets"),
        ("what `C_InitToken` does", ""),
    ),
    *_all(
        "etoken",
        (
            (
                "how a Response is computed from a Request: the rule of the classic eToken is "
                "not public"
            ),
            "unlock.rule",
        ),
        (
            "what a wrong Response costs: a try of the administrator, one of the limited unblocks",
            "unlock.wrong.try unlock.wrong.unlock",
        ),
        ("what a wrong Response returns", "unlock.wrong.rv"),
        ("what a Response returns when no challenge is pending", "unlock.void.rv"),
        ("whether a refused new password ends the challenge", "unlock.weak.ends"),
        (
            "what a challenge returns where there is none, and past the limit",
            "unlock.unsupported.rv unlock.limit.rv",
        ),
        ("whether ETCKA_UNLOCK_COUNT is what was used or what is left", "unlock.count.left"),
        (
            "which code refuses a weak password, and one of the wrong length",
            "pin.weak.rv pin.length.rv",
        ),
        ("which code refuses a wrong initialization key", "start.key.rv"),
        ("which code answers an absent attribute (three were seen)", "attribute.absent.rv"),
        (
            (
                "from how many attributes on a request is dangerous: the real module crashes, here "
                "it is refused and counted"
            ),
            "attributes.most",
        ),
        ("whether a challenge survives other sessions that open and close", ""),
        ("how the quality of a password is weighed", ""),
        ("whether an IDPrime card offers the extension and these objects", "features"),
        ("how a module packs its list on Linux and macOS", ""),
    ),
)


ANSWERED_BY = {
    "which code refuses a PIN that breaks the complexity": ("pin.weak.rv", "pin.length.rv"),
    "whether a refused new PIN costs a try or the challenge": ("user.refused.costs",),
}
"""What of a probe answers a question that no setting stands for."""
_MODELS = (
    ("jacarta", "Laser", "jacarta-pki"),
    ("jacarta", "Pro", "jacarta-pro"),
    ("jacarta", "KT2", "jacarta-gost2"),
    ("etoken", "ID Prime", "etoken-idprime"),
    ("etoken", "IDPrime", "etoken-idprime"),
    ("etoken", "", "etoken"),
)


def likeness(adapter: str, model: str) -> str:
    """The personality that stands for such a token; ``plain`` where none does.

    Args:
        adapter: which adapter took it.
        model: what it says of itself.
    """
    return next((name for of_, part, name in _MODELS if adapter == of_ and part in model), "plain")


def of(personality: str) -> tuple[Question, ...]:
    """The questions about a personality.

    Args:
        personality: its name.
    """
    return tuple(each for each in QUESTIONS if personality.startswith(each.of))
