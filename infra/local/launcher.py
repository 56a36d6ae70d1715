"""Starts the emulator of the local stack; the package beside this says what is changed about it."""

from emulator import start

start()
