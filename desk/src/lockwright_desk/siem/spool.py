"""The audit trail as the spool of what is to be sent: it is on disk before anything is done.

A trail that is put away while a part of it was not sent yet is found again by its first record, in
the folder for such trails; what follows it is the trail that began next.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from lockwright.audit.records import Record, canonical, seq_of
from lockwright.files.lock import StillHeld

from lockwright_desk.siem.place import Place
from lockwright_desk.siem.trail_file import Line, TrailFile

ALARM = "alarm"
"""Event of what is no record of the trail, but said of it."""
GONE, CUT, CHANGED = "siem_trail_gone", "siem_trail_cut", "siem_trail_changed"
"""What is said: the trail is not there any more, is shorter than it was, or is another."""


@dataclass(frozen=True, slots=True)
class Item:
    """Something to be sent."""

    record: Record
    line: bytes
    """The record as it stands in the trail, without the line feed."""
    place: Place
    """Behind it."""


class Spool:
    """Reads what is to be sent, from a place on.

    Args:
        audit: the audit file.
        put_away: the folder with trails that were put away; need not be there.
    """

    def __init__(self, audit: Path, put_away: Path) -> None:
        self._audit = audit
        self._folder = put_away
        self._place: Place | None = None
        self._file: TrailFile | None = None

    def begin(self, place: Place | None) -> None:
        """Go on behind a place; None for the beginning of the audit file."""
        self.close()
        self._place = place

    def close(self) -> None:
        """Close what is open."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def read(self, most: int) -> list[Item]:
        """What comes next, as far as it is there for good.

        Args:
            most: how many records.

        Raises:
            OSError: the trail cannot be read.
        """
        while True:
            if self._file is None and (alarms := self._find()):
                return alarms
            if self._file is None or self._place is None:
                return []
            file, place = self._file, self._place
            # Looked at before its end is: where it is put away, nothing comes behind that.
            done = file.path != self._audit or not file.is_there
            if file.size < place.offset:
                self.close()
                continue
            try:
                end = file.settled_size() if file.size > place.offset else place.offset
            except StillHeld:
                return []
            found: list[Item] = []
            for line in islice(file.lines(place, end), most):
                found += self._took(self._place, line)
            if found:
                return found
            if not done or end != file.size or not self._follow(file.start):
                return []

    def remaining(self) -> tuple[int, str]:
        """How many records are behind the place, and the time of the first; empty if there is none.

        Raises:
            OSError: the trail cannot be read.
        """
        place, count, oldest = self._place, 0, ""
        with self._trails() as files:
            for file in files:
                if place is not None and file.start.trail == place.trail:
                    start = place
                elif file.path == self._audit if place is None else file.start.began > place.began:
                    start = file.start
                else:
                    continue
                count += max(0, file.last - max(start.seq, seq_of(file.first) - 1))
                first = next(file.lines(start, file.size), None)
                if first is not None:
                    oldest = oldest or str(first.record.get("time", ""))
        return count, oldest

    def _took(self, before: Place, line: Line) -> Iterator[Item]:
        """A record, and before it what is wrong with it."""
        self._place = line.place
        if before.seq and line.record.get("previous") != before.hash:
            yield _alarm(CHANGED, before, record=seq_of(line.record))
        yield Item(line.record, line.line, line.place)

    def _find(self) -> list[Item]:
        """Open the file with the place."""
        place = self._place
        if place is None:
            self._open(self._audit)
            return []
        with self._trails() as files:
            for known in files:
                if known.start.trail == place.trail:
                    return self._go_on(known, place)
            goes_on = [f for f in files if place.seq and f.first.get("previous") == place.hash]
            chosen = goes_on[0] if goes_on else self._after(place, files)
            if chosen is None:
                return []
            self._enter(chosen, chosen.start)
            return [] if goes_on else [_alarm(GONE, chosen.start, **_told(place))]

    def _go_on(self, file: TrailFile, place: Place) -> list[Item]:
        if file.holds(place):
            self._enter(file, place)
            return []
        # Whatever was done to it: what has a higher number than the last one sent goes out.
        kind = CUT if file.size < place.offset else CHANGED
        at = file.start
        for line in file.lines(file.start, file.settled_size()):
            if seq_of(line.record) > place.seq:
                break
            at = line.place
        at = replace(at, seq=0)
        self._enter(file, at)
        return [_alarm(kind, at, **_told(place))]

    def _follow(self, done: Place) -> bool:
        """Go over to the trail that began after the one that is done, once there is one."""
        with self._trails() as files:
            others = [file for file in files if file.start.trail != done.trail]
            following = self._after(done, others)
            if following is not None:
                self.close()
                self._enter(following, following.start)
            return following is not None

    def _after(self, start: Place, files: Sequence[TrailFile]) -> TrailFile | None:
        """The one that began next; whatever the clock says, the last one is the audit file."""
        later = [file for file in files if file.start.began > start.began]
        return next(iter([*later, *(file for file in files if file.path == self._audit)]), None)

    @contextmanager
    def _trails(self) -> Iterator[Sequence[TrailFile]]:
        """Every trail that is there, the oldest first; closed after the block, but for the chosen.

        Raises:
            OSError: one of them cannot be read.
        """
        with ExitStack() as closed:
            found: list[TrailFile] = []
            for path in (*self._put_away(), self._audit):
                if file := TrailFile.opened(path):
                    closed.callback(self._drop, file)
                    found.append(file)
            yield sorted(found, key=lambda file: file.start.began)

    def _drop(self, file: TrailFile) -> None:
        if file is not self._file:
            file.close()

    def _put_away(self) -> Sequence[Path]:
        try:
            return sorted(each for each in self._folder.iterdir() if each.suffix == ".jsonl")
        except (FileNotFoundError, NotADirectoryError):
            return ()

    def _open(self, path: Path) -> None:
        if file := TrailFile.opened(path):
            self._enter(file, file.start)

    def _enter(self, file: TrailFile, place: Place) -> None:
        self._file, self._place = file, place


def _told(place: Place) -> dict[str, object]:
    return {"trail": place.trail, "sent_to": place.seq}


def _alarm(kind: str, place: Place, **facts: object) -> Item:
    now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    record: Record = {"event": ALARM, "hook": kind, "time": now, "facts": facts}
    return Item(record, canonical(record), place)
