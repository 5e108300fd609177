"""The operating system's account of whoever runs this process.

It comes from the system's user database. The environment variables that `getpass` prefers are ignored, because anybody
can set them.
"""

from __future__ import annotations

import getpass
import os
import sys


def find_account() -> str:
    """Return the name of the account, or its number if it has no name; empty where the system has no accounts."""
    if sys.platform == "win32":
        return _printable(getpass.getuser())
    import pwd  # there is none on Windows

    number = os.getuid()
    try:
        return _printable(pwd.getpwuid(number).pw_name)
    except KeyError:  # a container often runs as a number without a name
        return str(number)


def _printable(name: str) -> str:
    """Return a name with a question mark for each byte that is not UTF-8."""
    return name.encode("utf-8", "replace").decode()
