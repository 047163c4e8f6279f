"""Russian output looked through for English that it should have translated."""

from __future__ import annotations

import re

_NAMES = frozenset(
    {
        *("CA", "CMP", "CN", "CSV", "DER", "EC", "EST", "HSM", "HTTP", "HTTPS", "IP", "JSON"),
        *("NSS", "PEM", "PIN", "PKCS", "PSS", "PUK", "RFC", "RSA", "SHA", "SIGTERM", "SO", "TLS"),
        *("TOML", "URI", "UTF"),
        *("Ctrl", "HEX", "Python", "SQLite", "SoftHSM", "lockwright"),
        *("bash", "fish", "zsh", "etoken", "jacarta", "softhsm"),
    }
)
"""Names that are the same in every language."""
_NO_WORDS = re.compile(
    r"«[^»]*»"  # somebody else's words, quoted
    r"|'[^']*'"  # a word of the command line, as click shows it
    r"|--?[a-z][\w-]*"  # an option
    r"|[\[{][\w|-]+[\]}]"  # the values to choose from
    r"|\S*[/\\=@:$]\S*"  # a path, an address, a name of X.509
    r"|\b\w+(?:\.\w+)+|\B\.\w+"  # a file, its ending, a setting
    r"|\blockwright(?:-desk)?(?:\s+[a-z-]+)*"  # a command to run
    r"|^  [a-z]+(?:-[a-z]+)*(?=  )",  # a command in the list of them
    re.MULTILINE,
)


def english_in(text: str, *names: str) -> set[str]:
    """English words in a Russian text, but for names, quotations and words to be typed.

    Args:
        text: what a program of ours wrote with ``--lang ru``.
        names: more that is no word, such as the names of files.
    """
    left = _NO_WORDS.sub(" ", text)
    return set(re.findall(r"[A-Za-z]{2,}", left)) - _NAMES - set(names)
