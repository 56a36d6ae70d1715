"""Queues follow the stack's clock (CLOCK_FILE), as the functions do.

A message that comes back in two minutes comes back once the stack's time has moved by two minutes, however fast that is played.
"""

import os
import threading
import time

from ministack.core.concurrency import esm_wake
from ministack.services import sqs

# How soon those who wait for messages hear that the time has moved. Whoever asks for the time gets the right one at once.
LOOK_SECONDS = 0.02


def apply():
    """Gives the queues a time module of their own, where the stack has a clock."""
    if "CLOCK_FILE" in os.environ:
        sqs.time = StackTime(os.environ["CLOCK_FILE"])
        threading.Thread(target=sqs.time.follow, daemon=True).start()


class StackTime:
    """The time module as the queues see it: ahead by the whole seconds that the clock file holds."""

    def __init__(self, clock_file):
        self.clock_file = clock_file
        self.seen = None
        self.ahead = 0

    def __getattr__(self, name):
        return getattr(time, name)

    def time(self):
        self.look()
        return time.time() + self.ahead

    def look(self):
        """Reads the file if it is another than before; true if so. It is replaced whole, never written to."""
        try:
            found = os.stat(self.clock_file)
        except FileNotFoundError:
            return False
        found = (found.st_ino, found.st_mtime_ns)
        if found == self.seen:
            return False
        with open(self.clock_file, encoding="ascii") as file:
            self.ahead = int(file.read())
        self.seen = found
        return True

    def follow(self):
        """Wakes whoever waits for messages when the time has moved, for ever."""
        ahead = self.ahead
        while True:
            self.look()
            if ahead != self.ahead:
                ahead = self.ahead
                esm_wake.set()
            time.sleep(LOOK_SECONDS)
