"""A desktop's polkit, logind, NetworkManager and UPower by python-dbusmock, on a private system bus.

The first line tells the bus. Then each line is a command: what polkit answers from now on, what happens to the session, or
what network and battery are like.
When no more lines come, the bus ends.
"""

import json
import os
import sys

import dbus
import dbusmock

POLKIT = "org.freedesktop.PolicyKit1"
AUTHORITY = "/org/freedesktop/PolicyKit1/Authority"
LOGIND = "org.freedesktop.login1"
SESSION = LOGIND + ".Session"
MANAGER = LOGIND + ".Manager"
NETWORK = "org.freedesktop.NetworkManager"
POWER = "org.freedesktop.UPower"
BATTERY = POWER + ".Device"

# Only the app's own act, asked for its own connection, is answered.
ANSWER = """
(kind, details), act, flags = args[0], args[1], args[3]
if kind != "system-bus-name" or not details["name"].startswith(":") or act != "org.edinyiklient.app.unlock":
    raise dbus.exceptions.DBusException("no such act", name="org.freedesktop.PolicyKit1.Error.Failed")
ret = ({asking} if flags & 1 else {quiet})
"""


def result(told):
    """What polkit returns: authorized, would ask, details."""
    details = {"polkit.dismissed": "true"} if told.get("dismissed") else {}
    return f"({told.get('authorized', False)}, {told.get('challenge', False)}, dbus.Dictionary({details!r}, signature='ss'))"


class Desktop:
    """The services and what happens to them."""

    def __init__(self):
        dbusmock.DBusTestCase.start_system_bus()
        self.bus = dbusmock.DBusTestCase.get_dbus(system_bus=True)
        interface = POLKIT + ".Authority"
        polkit = dbusmock.DBusTestCase.spawn_server(POLKIT, AUTHORITY, interface, system_bus=True, stdout=sys.stderr)
        logind, self.logind = dbusmock.DBusTestCase.spawn_server_template("logind", {}, stdout=sys.stderr)
        self.servers = [polkit, logind]
        self.network = self.spawn(NETWORK, "/org/freedesktop/NetworkManager", NETWORK)
        self.battery = self.spawn(POWER, "/org/freedesktop/UPower/devices/DisplayDevice", BATTERY)
        self.network.AddProperty(NETWORK, "Metered", dbus.UInt32(0))
        self.battery.AddProperty(BATTERY, "WarningLevel", dbus.UInt32(0))
        self.polkit = dbus.Interface(self.bus.get_object(POLKIT, AUTHORITY), dbusmock.MOCK_IFACE)
        path = self.logind.AddSession("auto", "seat0", dbus.UInt32(1000), "anna", True, dbus_interface=dbusmock.MOCK_IFACE)
        self.session = dbus.Interface(self.bus.get_object(LOGIND, path), SESSION)

    def spawn(self, name, path, interface):
        """A service with one object; the object."""
        self.servers.append(dbusmock.DBusTestCase.spawn_server(name, path, interface, system_bus=True, stdout=sys.stderr))
        dbusmock.DBusTestCase.wait_for_bus_object(name, path, system_bus=True)
        return dbus.Interface(self.bus.get_object(name, path), dbusmock.MOCK_IFACE)

    def supply(self, told):
        """How NetworkManager finds the network, and how much UPower warns."""
        self.network.UpdateProperties(NETWORK, {"Metered": dbus.UInt32(told["metered"])})
        self.battery.UpdateProperties(BATTERY, {"WarningLevel": dbus.UInt32(told["warning"])})

    def answer(self, told):
        """Polkit asked quietly, and when it may ask the person."""
        code = ANSWER.format(quiet=result(told["quiet"]), asking=result(told["asking"]))
        self.polkit.AddMethod(POLKIT + ".Authority", "CheckAuthorization", "(sa{sv})sa{ss}us", "(bba{ss})", code)

    def prepare_for_sleep(self, told):
        """Before sleep and after it."""
        arguments = dbus.Array([dbus.Boolean(told["start"])], signature="v")
        self.logind.EmitSignal(MANAGER, "PrepareForSleep", "b", arguments, dbus_interface=dbusmock.MOCK_IFACE)

    def lock(self, _):
        """`loginctl lock-session`."""
        self.session.Lock()

    def set_locked_hint(self, told):
        """What a desktop says of its screen."""
        self.session.SetLockedHint(told["locked"])

    def inhibitors(self, _):
        """What is put off, and how."""
        found = self.logind.ListInhibitors(dbus_interface=MANAGER)
        return [[str(what), str(mode)] for what, _who, _why, mode, _user, _process in found]

    def end(self):
        """Takes everything down."""
        for server in self.servers:
            server.terminate()
            server.wait()
        dbusmock.DBusTestCase.tearDownClass()


def main():
    desktop = Desktop()
    print(json.dumps(os.environ["DBUS_SYSTEM_BUS_ADDRESS"]), flush=True)
    try:
        for line in sys.stdin:
            told = json.loads(line)
            done = getattr(desktop, told["command"])(told)
            print(json.dumps({"done": done}), flush=True)
    finally:
        desktop.end()


# Whoever kills the first process leaves the second, which sees its input end and takes the bus down.
if os.fork():
    os.wait()
else:
    main()
