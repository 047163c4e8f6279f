"""A desktop that tells programs what its user wishes of colours, as its portal does.

Runs under the system's Python, which has gi. Reads a JSON object a line, ``color-scheme`` (0 none,
1 dark, 2 light) and ``contrast`` (0 or 1): org.freedesktop.appearance of
flatpak.github.io/xdg-desktop-portal, interface org.freedesktop.portal.Settings.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from gi.repository import Gio, GLib

_SPACE = "org.freedesktop.appearance"
_PATH = "/org/freedesktop/portal/desktop"
_INTERFACE = "org.freedesktop.portal.Settings"
_METHODS = f"""
<node><interface name="{_INTERFACE}">
  <method name="ReadAll">
    <arg type="as" direction="in"/><arg type="a{{sa{{sv}}}}" direction="out"/>
  </method>
  <method name="Read">
    <arg type="s" direction="in"/><arg type="s" direction="in"/><arg type="v" direction="out"/>
  </method>
  <method name="ReadOne">
    <arg type="s" direction="in"/><arg type="s" direction="in"/><arg type="v" direction="out"/>
  </method>
  <signal name="SettingChanged"><arg type="s"/><arg type="s"/><arg type="v"/></signal>
  <property name="version" type="u" access="read"/>
</interface></node>"""
wishes = {"color-scheme": 0, "contrast": 0}
loop = GLib.MainLoop()
bus = Gio.bus_get_sync(Gio.BusType.SESSION)


def on_call(*given: Any) -> None:
    """A program asks."""
    _bus, _sender, _path, _interface, method, asked, invocation = given
    if method == "ReadAll":
        values = {name: GLib.Variant("u", value) for name, value in wishes.items()}
        invocation.return_value(GLib.Variant("(a{sa{sv}})", ({_SPACE: values},)))
        return
    space, name = asked.unpack()
    if space != _SPACE or name not in wishes:
        invocation.return_dbus_error("org.freedesktop.portal.Error.NotFound", name)
        return
    value = GLib.Variant("u", wishes[name])
    if method == "Read":  # one variant too many, as the portal has it
        value = GLib.Variant("v", value)
    invocation.return_value(GLib.Variant("(v)", (value,)))


def on_line(_channel: Any, condition: Any) -> bool:
    """The user wishes something else, or the desktop is gone."""
    line = sys.stdin.readline() if condition & GLib.IO_IN else ""
    if not line:
        loop.quit()
        return False
    for name, value in json.loads(line).items():
        wishes[name] = value
        told = GLib.Variant("(ssv)", (_SPACE, name, GLib.Variant("u", value)))
        bus.emit_signal(None, _PATH, _INTERFACE, "SettingChanged", told)
    return True


def on_ready(*_given: Any) -> None:
    """It can be asked."""
    sys.stdout.write("ready\n")
    sys.stdout.flush()


interface = Gio.DBusNodeInfo.new_for_xml(_METHODS).interfaces[0]
version = GLib.Variant("u", 2)
bus.register_object(_PATH, interface, on_call, lambda *_given: version, None)
Gio.bus_own_name_on_connection(
    bus, "org.freedesktop.portal.Desktop", Gio.BusNameOwnerFlags.NONE, on_ready, None
)
GLib.io_add_watch(sys.stdin, GLib.PRIORITY_DEFAULT, GLib.IO_IN | GLib.IO_HUP, on_line)
loop.run()
