"""A desktop's polkit by python-dbusmock, on a private system bus.

The first line tells the bus. Then each line asks for answers: whether it would ask quietly, and what it says when it may
ask. An answer that was never told is an error of the bus. When no more lines come, the bus ends.
"""

import json
import os
import sys

import dbus
import dbusmock

NAME = "org.freedesktop.PolicyKit1"
PATH = "/org/freedesktop/PolicyKit1/Authority"
INTERFACE = "org.freedesktop.PolicyKit1.Authority"

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


def main():
    dbusmock.DBusTestCase.start_system_bus()
    bus = dbusmock.DBusTestCase.get_dbus(system_bus=True)
    server = dbusmock.DBusTestCase.spawn_server(NAME, PATH, INTERFACE, system_bus=True, stdout=sys.stderr)
    mock = dbus.Interface(bus.get_object(NAME, PATH), dbusmock.MOCK_IFACE)
    print(json.dumps(os.environ["DBUS_SYSTEM_BUS_ADDRESS"]), flush=True)
    try:
        for line in sys.stdin:
            told = json.loads(line)
            code = ANSWER.format(quiet=result(told["quiet"]), asking=result(told["asking"]))
            mock.AddMethod(INTERFACE, "CheckAuthorization", "(sa{sv})sa{ss}us", "(bba{ss})", code)
            print(json.dumps({"done": None}), flush=True)
    finally:
        server.terminate()
        server.wait()
        dbusmock.DBusTestCase.tearDownClass()


# Whoever kills the first process leaves the second, which sees its input end and takes the bus down.
if os.fork():
    os.wait()
else:
    main()
