"""Find the sandbox of this machine; without one, no command of the project is run."""

import sys

from podium.configuration import SandboxSettings
from podium.sandbox.confinement import LAUNCHER, Confinement
from podium.sandbox.port import NoSandbox, Sandbox


def find_sandbox(settings: SandboxSettings) -> Sandbox:
    """Return the sandbox of this machine, after trying that it confines.

    Takes some 0.3 s, once for an engine.

    Raises:
        NoSandbox: None works here; the message says what to install.
    """
    if sys.platform != "linux":
        message = (
            f"no sandbox on {sys.platform}: commands are confined by the Linux kernel; "
            "run Podium on Linux, or in a Linux virtual machine or container"
        )
        raise NoSandbox(message)
    confinement = Confinement(LAUNCHER)
    wrong = confinement.try_out(settings)
    if wrong is not None:
        message = (
            f"no sandbox on this machine, so no command is run: {wrong}; it needs the package "
            "sandlock and Linux 6.12 or newer with Landlock (`cat /sys/kernel/security/lsm`)"
        )
        raise NoSandbox(message)
    return confinement
