"""The AWS emulator as the local stack runs it: one pinned version, changed where it waits or does its work twice.

Each module here is one change, with an `apply` that says what it replaces. They reach into the emulator's own functions and fit
one version of it alone, so another version starts as it came and says so. The tests beside this package hold every change
against the emulator's own answer.
"""

import socketserver
import sys
from importlib.metadata import version

VERSION = "1.5.33"


def start():
    """Runs the emulator until it is asked to end."""
    # An answer of a function's runtime API leaves in two writes; with Nagle's algorithm the second waits 40 ms.
    # The emulator makes its servers from this class, so this comes before it is imported.
    socketserver.StreamRequestHandler.disable_nagle_algorithm = True
    change(version("ministack"))
    from ministack.app import main

    main()


def change(found):
    """Makes every change, if `found` is the version they were written for."""
    if found != VERSION:
        print(
            f"the emulator is version {found} and its changes are for {VERSION}: it starts unchanged, so queues do not follow the "
            "stack's clock and nothing can be played; see infra/local/emulator",
            file=sys.stderr,
            flush=True,
        )
        return
    from . import clock, expressions, idle, invocations, server

    for each in (server, clock, invocations, idle, expressions):
        each.apply()
