"""Invocations end when they end: three waits around them are shortened.

After each one the emulator waits 50 ms for a line in the log, or 5 ms after the last; here it reads what the function has printed,
which is all there is, since a function prints before it answers. After two looks at the queues that found nothing it rests for
50 ms; here for one. Each idle function looks ten times a second whether it was stopped; here once.
"""

import os
import queue
import select
import threading
import types

from ministack.core import lambda_runtime
from ministack.services import lambda_svc

CHUNK_BYTES = 65536
REST_SECONDS = 0.001
STOPPED_SECONDS = 1.0


def apply():
    """Replaces how the output of functions on custom runtimes is read, the poller's rest, and the queue that idle ones wait at."""
    lambda_runtime.ProvidedWorker._pump_output = pump
    lambda_runtime.ProvidedWorker._drain_stderr_bounded = drain
    lambda_svc._ESM_IDLE_WAKE_GAP_SECONDS = REST_SECONDS
    lambda_runtime.queue = types.SimpleNamespace(Queue=PatientQueue, Empty=queue.Empty, Full=queue.Full)


def pump(worker, stream, lines):
    """Reads a function's output for its whole life, so that the pipe never fills."""
    output = worker._output = Output(stream, lines)
    readable = select.poll()
    readable.register(stream, select.POLLIN)
    while output.read():
        readable.poll()


def drain(worker, **_):
    """What the function has printed and nobody was told yet."""
    output = getattr(worker, "_output", None)
    if output is not None:
        output.read()
    return worker._drain_stderr()


class Output:
    """A function's output, read without waiting by whoever comes first: the thread that empties the pipe, or an invocation's end."""

    def __init__(self, stream, lines):
        self.stream = stream
        self.lines = lines
        self.begun = b""
        self.reading = threading.Lock()
        os.set_blocking(stream.fileno(), False)

    def read(self):
        """Takes all lines that are there; false at the output's end."""
        with self.reading:
            while not self.stream.closed:
                try:
                    chunk = os.read(self.stream.fileno(), CHUNK_BYTES)
                except BlockingIOError:
                    return True
                *whole, self.begun = (self.begun + chunk).split(b"\n")
                if not chunk:
                    whole = [self.begun] if self.begun else []
                    self.stream.close()
                for line in whole:
                    self.put(line.decode("utf-8", errors="replace").rstrip("\r"))
        return False

    def put(self, line):
        """Keeps the newest lines, as many as the emulator does."""
        if self.lines.full():
            self.lines.get_nowait()
        self.lines.put_nowait(line)


class PatientQueue(queue.Queue):
    """A queue whose readers look up once a second, where they asked for more often. What is put in wakes them as before."""

    def get(self, block=True, timeout=None):
        return super().get(block, timeout and max(timeout, STOPPED_SECONDS))
