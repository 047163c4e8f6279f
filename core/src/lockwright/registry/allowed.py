"""Which plugins may be imported; all of it is judged before any of their code is run."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from lockwright.i18n import N_, _
from lockwright.models.plugin_pins import PluginPin, canonical
from lockwright.registry.files import FilesDiffer, check
from lockwright.registry.plugin import HeldTo, Plugin, PluginStatus, origin, record
from lockwright.registry.point import Point


class AllowList:
    """What the configuration says of plugins, beside what is installed.

    Args:
        allow: the plugins that may be imported, as ``PluginPin`` reads them; None for all.
        files: digests of the files of distributions, by name; see ``registry.files``.
        points: every entry point that was found.

    Raises:
        ValueError: an entry of ``allow`` names no plugin.
    """

    def __init__(
        self,
        allow: Sequence[str] | None,
        files: Mapping[str, str],
        points: Iterable[Point],
    ) -> None:
        self._pins: dict[str, list[PluginPin]] | None = None
        if allow is not None:
            self._pins = defaultdict(list)
            for pin in map(PluginPin.parse, allow):
                self._pins[pin.name].append(pin)
        self._files = {canonical(name): digest for name, digest in files.items()}
        self._named: dict[str, list[Point]] = defaultdict(list)
        for point in points:
            self._named[point.name].append(point)

    @property
    def missing(self) -> list[str]:
        """Names of plugins that are allowed and not installed."""
        return sorted((self._pins or {}).keys() - self._named.keys())

    def judged(self, point: Point) -> Plugin:
        """A plugin with the status ``LOADED`` if it may be, or with why it may not."""
        pins = [PluginPin(point.name)] if self._pins is None else self._pins.get(point.name, [])
        if not pins:
            return record(point, PluginStatus.NOT_ALLOWED, N_("not on the allow-list"))
        if len(self._named[point.name]) > 1:
            return record(point, PluginStatus.BROKEN, self._shared(point.name))
        fitting = [pin for pin in pins if pin.fits(*origin(point))]
        if not fitting:
            told = _("the allow-list names {named}").format(named=", ".join(map(str, pins)))
            return record(point, PluginStatus.NOT_ALLOWED, told)
        return self._with_its_files(point, self._held_to(fitting))

    def _with_its_files(self, point: Point, held_to: HeldTo) -> Plugin:
        digest = self._files.get(canonical(origin(point)[0]))
        if digest is None:
            return record(point, PluginStatus.LOADED, held_to=held_to)
        try:
            check(point, digest)
        except FilesDiffer as error:
            return record(point, PluginStatus.BROKEN, str(error), HeldTo.FILES)
        return record(point, PluginStatus.LOADED, held_to=HeldTo.FILES)

    def _shared(self, name: str) -> str:
        """Who else takes a name; one of them may be after its PINs."""
        owners = [" ".join(filter(None, origin(each))) or "-" for each in self._named[name]]
        told = _("several distributions bring a plugin of this name: {distributions}")
        return told.format(distributions=", ".join(sorted(owners)))

    def _held_to(self, pins: Sequence[PluginPin]) -> HeldTo:
        if self._pins is None:
            return HeldTo.NOTHING
        if not all(pin.distribution for pin in pins):
            return HeldTo.NAME
        return HeldTo.VERSION if all(pin.version for pin in pins) else HeldTo.DISTRIBUTION
