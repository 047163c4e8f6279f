"""Secrets taken out of text and data that leave the house, by their names and by their forms.

What has neither cannot be known: a PIN alone in a line of a log is a word like any other.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from lockwright.log import HIDDEN

_WORDS = (
    r"pin|puk|pass(?:word|wd|phrase|code)?|pwd|secret|response|otp|cookie|credentials?"
    r"|api[-_ ]?key|key[-_ ]?hex|private[-_ ]?key|admin[-_ ]?key|shared[-_ ]?key"
    r"|(?:access|auth|api)[-_ ]?token"
    r"|пин(?:-?код)?|пук|пароль|секрет|ответ"
)
_NAME = rf"(?:[\w-]*[-_.])?(?:[sn]o[-_ ]?|new[-_ ]?|user[-_ ]?|hsm[-_ ]?)?(?:{_WORDS})(?:[-_.]\w+)?"
_VALUE = r"""(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[^\s,;&}\])"']+)"""
_FILE = r"(?![\w-]*[-_](?:file|uri|label|days|format|length)\b)"

_RULES = (
    # a key, also one whose lines were joined, or whose begin was cut off
    re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*-----|\Z)", re.DOTALL),
    re.compile(r"(?<![\w/+])[A-Za-z0-9+/]{60,}={0,2}"),
    re.compile(r"(?<=://)[^/\s@]+(?=@)"),
    re.compile(r"(?i)(?<=pin-value=)[^&;\s\"']+"),
    re.compile(r"(?i)(?:(?<=authorization: )|(?<=authorization=)|(?<=cookie: )).+"),
    re.compile(r"(?i)(?<=basic )[A-Za-z0-9+/=]{6,}|(?<=bearer )\S+"),
    # digits in a row, as keys and hashes have, and what is read out in groups
    re.compile(r"(?<![0-9A-Za-z])[0-9A-Fa-f]{24,}(?![0-9A-Za-z])"),
    re.compile(r"(?<![\w-])[0-9A-Fa-f]{4}(?:[ -][0-9A-Fa-f]{4}){2,}(?:[ -]?[0-9A-Fa-f]{1,5})?\b"),
    re.compile(r"(?<![\w-])[0-9A-HJKMNP-TV-Z]{4}(?:-[0-9A-HJKMNP-TV-Z]{4}){4}(?![\w-])"),
    re.compile(r"(?=[\w+-]*[a-z])(?=[\w+-]*[A-Z])(?=[\w+-]*\d)(?<![\w/.-])[\w+-]{24,}={0,2}"),
)
_NAMED = re.compile(rf"""(?i)(?<!\w){_FILE}(?P<name>["']?{_NAME}["']?\s*[:=]\s*){_VALUE}""")
_OPTION = re.compile(rf"""(?i)(?P<name>--{_FILE}{_NAME}\s+){_VALUE}""")
_TOLD = re.compile(rf"""(?i)(?<![\w-])(?P<name>(?:{_WORDS})\s+)(?=\S*\d)[^\s,;]+""")


def scrubbed(text: str) -> str:
    """Text without what looks like a secret, ``***`` in its place.

    Args:
        text: as much of it as there is: a key of several lines is known by its first.
    """
    for rule in _RULES:
        text = rule.sub(HIDDEN, text)
    for named in (_NAMED, _OPTION, _TOLD):
        text = named.sub(lambda found: found["name"] + HIDDEN, text)
    return text


_HIDING_NAME = re.compile(rf"(?i){_FILE}.*(?:{_WORDS})")


def scrubbed_data(content: object, name: str = "") -> object:
    """Tables and lists without secrets: neither under a name of one, nor in a text.

    Args:
        content: what TOML or JSON can hold.
        name: the key that it stands under.
    """
    match content:
        case Mapping():
            return {str(key): scrubbed_data(each, str(key)) for key, each in content.items()}
        case list() | tuple():
            return [scrubbed_data(each, name) for each in content]
        case bool():
            return content
        case _ if _HIDING_NAME.fullmatch(name):
            return HIDDEN
        case int() | float():
            return content
        case _:
            return scrubbed(str(content))


def names_only(content: object) -> object:
    """Tables with their keys and none of their values, where nothing of them is known."""
    if isinstance(content, Mapping):
        return {str(key): names_only(each) for key, each in content.items()}
    return HIDDEN
