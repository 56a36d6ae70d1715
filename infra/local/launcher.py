"""Starts the emulator with two changes that the local stack needs.

TCP_NODELAY on the Lambda Runtime API socket: a warm call takes 7 ms instead of 52.
Queues follow the stack's clock (CLOCK_FILE), as the functions do: a message that comes back in two minutes comes back
once the stack's time has moved by two minutes, however fast that is played.
"""

import os
import socketserver
import threading
import time

socketserver.StreamRequestHandler.disable_nagle_algorithm = True

# The switch above must come first.
from ministack.app import main  # noqa: E402
from ministack.core.concurrency import esm_wake  # noqa: E402
from ministack.services import sqs  # noqa: E402

LOOK_SECONDS = 0.01


class StackTime:
    """The time module as the queues see it: ahead by the whole seconds that the clock file holds."""

    def __init__(self, clock_file):
        self.clock_file = clock_file
        self.ahead = 0

    def __getattr__(self, name):
        return getattr(time, name)

    def time(self):
        return time.time() + self.ahead

    def follow(self):
        """Looks at the file for ever, and wakes whoever waits for messages when the time has moved."""
        while True:
            try:
                with open(self.clock_file, encoding="ascii") as file:
                    ahead = int(file.read())
            except (FileNotFoundError, ValueError):
                ahead = 0
            if ahead != self.ahead:
                self.ahead = ahead
                esm_wake.set()
            time.sleep(LOOK_SECONDS)


if "CLOCK_FILE" in os.environ:
    sqs.time = StackTime(os.environ["CLOCK_FILE"])
    threading.Thread(target=sqs.time.follow, daemon=True).start()

main()
