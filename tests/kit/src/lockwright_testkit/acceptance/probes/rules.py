"""Which PINs a token takes: PIN after PIN, each breaking one rule and no other.

No PIN is set twice, since a token may remember them. At the end the first one is set again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import combinations, count

from lockwright.pkcs11.constants import CKR, CKU
from lockwright.secret import Secret

from lockwright_testkit.acceptance.probes.asked import OK, Asked

KINDS = {
    "upper": "KTRWMZPHDBXLQ",
    "lower": "vncyjsgpaeowr",
    "digits": "8462093571",
    "special": "!#%+-=?@*",
}
"""Letters of each kind, none beside its neighbour in the order of letters."""
_LETTERS = ("upper", "lower")
_MOST = 6
"""How many of a kind, or in a row, are tried."""
_REMEMBERED = 12
_ATTEMPTS = 40
"""As many PINs are drawn until one is new; a short one may have been all used."""


class Rules:
    """Finds the rules of one PIN.

    Args:
        token: the token.
        session: a session in which its owner is logged in.
        pin: the PIN that is set now.
        lengths: shortest and longest PIN that the token tells of.
    """

    def __init__(self, token: Asked, session: int, pin: Secret, lengths: tuple[int, int]) -> None:
        self._token, self._session = token, session
        self._first = pin
        self._used = [pin.reveal_text()]
        self._tried: set[str] = set(self._used)
        self._length = min(max(12, lengths[0]), lengths[1], 32)
        self._lengths = lengths
        self._turn = 0
        self._needs: list[str] = []
        self.codes: dict[str, set[int]] = {}

    def found(self) -> dict[str, str]:
        """Every rule that shows."""
        allowed = self._allowed()
        if not allowed:
            return {"policy.shown": "no"}
        if not self._takes(allowed, "age"):
            return {"policy.age": "1"}
        seen = dict.fromkeys(sorted(KINDS.keys() - set(allowed)), "-1")
        single = {kind: self._least((kind,), allowed) for kind in allowed}
        seen |= {kind: str(least) for kind, least in single.items()}
        self._needs = [kind for kind, least in single.items() for _ in range(least)]
        letters = [kind for kind in allowed if kind in _LETTERS]
        others = [kind for kind in allowed if kind not in _LETTERS]
        groups = {"alpha": letters, "nonalpha": others}
        rules = self._groups(allowed, single, groups)
        wanted: list[str] = []
        for name, group in groups.items():
            needed = sum(single[kind] for kind in group)
            least = self._least(tuple(group), allowed) if group and len(allowed) > len(group) else 0
            more = least > needed and (least > 1 or name in rules)
            seen[name] = str(least if more else 0)
            wanted += [group[place % len(group)] for place in range(least - needed if more else 0)]
        self._needs += wanted
        seen["kinds"] = str(max((rule for rule in rules if isinstance(rule, int)), default=0))
        seen["repeat"] = str(self._in_a_row(allowed, step=0))
        seen["sequence"] = str(self._in_a_row(allowed, step=1))
        seen["min"], seen["max"] = self._shortest(allowed), self._longest(allowed)
        seen["history"] = str(self._history())
        return {f"policy.{rule}": value for rule, value in seen.items()}

    def restored(self) -> bool:
        """Set the first PIN again, however many others the token wants in between."""
        for _ in range(2 * _REMEMBERED):
            if self._sets(self._first.reveal_text(), "restore"):
                return True
            self._takes(tuple(KINDS), "restore") or self._takes(self._good, "restore")
        return self._used[-1] == self._first.reveal_text()

    def _allowed(self) -> tuple[str, ...]:
        """The most kinds of letters that a PIN may have."""
        for most in range(len(KINDS), 0, -1):
            for kinds in combinations(KINDS, most):
                if self._takes(kinds, "kinds"):
                    self._good = kinds
                    return kinds
        self._good = ()
        return ()

    def _least(self, group: tuple[str, ...], allowed: tuple[str, ...]) -> int:
        """How many letters of a group a PIN needs at least."""
        rest = tuple(kind for kind in allowed if kind not in group)
        if not rest:
            return 0
        for few in range(_MOST):
            if self._sets(self._made(rest, self._length - few) + self._made(group, few), "few"):
                return few
        return _MOST

    def _groups(
        self,
        allowed: tuple[str, ...],
        single: Mapping[str, int],
        groups: Mapping[str, Sequence[str]],
    ) -> tuple[str | int, ...]:
        """How many kinds a PIN needs, and of which groups one: the fewest rules that explain it."""
        needed = {kind for kind, least in single.items() if least}
        told = {
            kinds: self._takes(kinds, "kinds")
            for many in range(1, len(allowed) + 1)
            for kinds in combinations(allowed, many)
            if needed <= set(kinds)
        }
        known = (*range(2, len(allowed) + 1), *groups)
        for many in range(len(known) + 1):
            for rules in combinations(known, many):
                if all(taken == _keeps(kinds, rules, groups) for kinds, taken in told.items()):
                    return rules
        return ()

    def _in_a_row(self, allowed: tuple[str, ...], *, step: int) -> int:
        """How many equal letters (step 0) or neighbours (1) may follow each other; 0: any."""
        kind = next(k for k in ("lower", "upper", "digits", "special") if k in allowed)
        first = {"lower": "b", "upper": "B", "digits": "1", "special": "#"}[kind]
        for many in range(2, _MOST + 1):
            row = "".join(chr(ord(first) + step * place) for place in range(many))
            if self._length - many < max(len(allowed), len(self._needs)):
                break  # a short PIN has no room for a longer row beside letters of every kind
            rest = self._made(allowed, self._length - many)
            if not self._sets(rest + row, "row"):
                return many - 1
        return 0

    def _shortest(self, allowed: tuple[str, ...]) -> str:
        for length in range(1, self._length):
            if self._takes(allowed, "short", length):
                return str(length)
        return str(self._length)

    def _longest(self, allowed: tuple[str, ...]) -> str:
        """The longest one, by halves between one that is taken and one that is not."""
        low, high = self._length, 257
        while high - low > 1:
            middle = (low + high) // 2
            if self._takes(allowed, "long", middle):
                low = middle
            else:
                high = middle
        return str(low)

    def _history(self) -> int:
        """How many last PINs may not be used again, the present one included."""
        used = list(self._used)
        for back in range(1, min(len(used), _REMEMBERED) + 1):
            if self._sets(used[-back], "history"):
                return back - 1
        return _REMEMBERED

    def _takes(self, kinds: tuple[str, ...], about: str, length: int = 0) -> bool:
        return bool(kinds) and self._sets(self._made(kinds, length or self._length), about)

    def _sets(self, pin: str, about: str) -> bool:
        """Try to change to a PIN."""
        with Secret(self._used[-1]) as old, Secret(pin) as new:
            rv = self._token.sets(self._session, old, new)
        if rv == OK:
            self._used.append(pin)
            return True
        self.codes.setdefault(about, set()).add(rv)
        return False

    def _made(self, kinds: tuple[str, ...], length: int) -> str:
        """A PIN of these kinds in turn, that was not used: no letter beside itself."""
        made = ""
        for first in range(_ATTEMPTS):
            self._turn += 1
            start, step = self._turn + first, 1 + self._turn % 3
            drawn = {kind: count(start, step) for kind in kinds}
            made = "".join(
                KINDS[kind][next(drawn[kind]) % len(KINDS[kind])]
                for kind in self._in_turn(kinds, length)
            )
            if made not in self._tried:
                self._tried.add(made)
                return made
        return made

    def _in_turn(self, kinds: tuple[str, ...], length: int) -> list[str]:
        """Of which kind each letter is: as many of each as the rules want that are known."""
        wanted = [kind for kind in self._needs if kind in kinds]
        wanted += [kinds[place % len(kinds)] for place in range(length)]
        left = Counter(wanted[:length])
        rounds = range(max(left.values(), default=0))
        return [kind for turn in rounds for kind in kinds if left[kind] > turn]


def _keeps(
    kinds: Collection[str], rules: Iterable[str | int], groups: Mapping[str, Sequence[str]]
) -> bool:
    """Whether a PIN of these kinds keeps rules: as many kinds, or one of a group."""
    return all(
        len(kinds) >= rule if isinstance(rule, int) else any(each in kinds for each in groups[rule])
        for rule in rules
    )


def rules(token: Asked, user: CKU, pin: Secret) -> dict[str, str]:
    """Find the rules of a PIN and set it back.

    Args:
        token: the token.
        user: whose PIN.
        pin: that PIN.
    """
    who = "so" if user is CKU.SO else "user"
    info = token.module.token_info(token.slot)
    lengths = int(info.min_pin) or 1, int(info.max_pin) or 32
    with token.session() as session:
        if rv := token.login(session, user, pin):
            return refused(who, rv)
        before = token.flags
        finder = Rules(token, session, pin, lengths)
        try:
            seen = finder.found()
        finally:
            back = finder.restored()
    told = {f"{who}.{name}": value for name, value in seen.items()}
    told[f"{who}.restored"] = "yes" if back else "no"
    told[f"{who}.refused.costs"] = "no" if token.flags == before else "yes"
    if user is CKU.USER:
        told |= _code("pin.length.rv", finder.codes.get("short"))
        weak = finder.codes.get("few", set()) | finder.codes.get("row", set())
        told |= _code("pin.weak.rv", weak)
    return told


def refused(who: str, rv: int) -> dict[str, str]:
    """Why a login was refused: a PIN that is wrong says nothing of the token."""
    return {f"{who}.wrong.rv" if rv == CKR.PIN_INCORRECT else f"{who}.login.rv": f"{rv:#x}"}


def _code(name: str, codes: set[int] | None) -> dict[str, str]:
    return {name: " ".join(f"{rv:#x}" for rv in sorted(codes))} if codes else {}
