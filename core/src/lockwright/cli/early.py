"""Which command lines are sure to look for tokens, so that a module's process is begun at once.

Nothing is begun for help, for the shell's completion, or for a mistake. So each command is named
here with options that it takes, and a word that is none of them, or may be a mistake, decides
against it: then a process is started when it is needed, which is later.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence

from lockwright.i18n import LANGUAGES

_MODULE = "--module"
FLAG, VALUE = False, True
"""Whether a value follows an option."""
COMMON = {
    **dict.fromkeys(("--json", "--verbose", "--void-request"), FLAG),
    **dict.fromkeys((_MODULE, "--token", "--lang", "--config"), VALUE),
}
_PIN = {"--use-last-try": FLAG, "--pin-file": VALUE}
_NEW = {"--new-pin-file": VALUE}
COMMANDS: Mapping[str, dict[str, bool]] = {
    "tokens": COMMON,
    "list": COMMON | _PIN | {"--login": FLAG},
    "pin change": COMMON | _PIN | _NEW,
    "unblock": COMMON | _NEW | {"--use-last-try": FLAG, "--so-pin-file": VALUE},
}
"""Commands that look for a token whatever they are told, by their names, with options of theirs;
none of them takes an argument. Before a command's name click knows only what all commands take."""
MOST = 4
"""Processes that are begun at once, for as many modules; those of further ones are when needed."""
_COMPLETION = "_LOCKWRIGHT_COMPLETE"
_AHEAD = "lockwright.host.ahead"


def begin(words: Sequence[str]) -> None:
    """Begin a module's process where the command line is sure to need one.

    Args:
        words: the command line without the program's name.
    """
    if looks_for_tokens(words) and _COMPLETION not in os.environ:
        from lockwright.host import ahead  # noqa: PLC0415  # not for --help

        named = sum(word.partition("=")[0] == _MODULE for word in words)
        ahead.start(max(1, min(named, MOST)), verbose="--verbose" in words)


def end() -> None:
    """End a process that was begun and that nobody needed."""
    if _AHEAD in sys.modules:
        from lockwright.host import ahead  # noqa: PLC0415  # it is there

        ahead.give_up()


def looks_for_tokens(words: Sequence[str]) -> bool:
    """Whether a command line is sure to be understood, and to look for tokens.

    Args:
        words: the command line without the program's name.
    """
    name, own = "", COMMON
    left = iter(words)
    for word in left:
        if not word.startswith("-"):
            name = f"{name} {word}".lstrip()
            own = COMMANDS.get(name, COMMON)
            continue
        option, equals, value = word.partition("=")
        if own.get(option) is VALUE and not equals:
            value = next(left, "-")
        if not _fits(own, option, equals, value):
            return False
    return name in COMMANDS


def _fits(own: Mapping[str, bool], option: str, equals: str, value: str) -> bool:
    """Whether an option is one of these, and has a value if it needs one."""
    if option not in own or (equals and own[option] is FLAG) or value.startswith("-"):
        return False
    return option != "--lang" or value in LANGUAGES
