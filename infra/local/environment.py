"""Makes a Python environment of pinned packages, once: `environment.py FOLDER REQUIREMENTS`. It is never what is installed on the machine.

One that holds these very packages is left as it is; one of others is brought up to date in place, because what runs may be
using it. The last line of an error says what to do.
"""

import fcntl
import shutil
import subprocess
import sys
from pathlib import Path

# Earlier ones lack syntax that the emulator uses; some systems leave out the modules that make environments.
USABLE = "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 10))"
# The system's is built with optimisation and runs the emulator a tenth to a fifth faster than one that was built by hand.
SYSTEM = "/usr/bin/python3"


def main(folder, requirements):
    wanted = requirements.read_text()
    marker = folder / "made-of.txt"
    folder.parent.mkdir(parents=True, exist_ok=True)
    with open(folder.with_suffix(".lock"), "a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if marker.exists() and marker.read_text() == wanted:
            return
        python = folder / "bin/python"
        if not succeeds(python, "-m", "pip", "--version"):
            run(usable_python(), "-m", "venv", "--clear", folder)
        # Written last: what an environment without it holds is unknown.
        marker.unlink(missing_ok=True)
        run(python, "-m", "pip", "install", "--disable-pip-version-check", "-q", "-r", requirements)
        marker.write_text(wanted)


def usable_python():
    for python in (SYSTEM, sys.executable, shutil.which("python3")):
        if python and succeeds(python, "-c", USABLE):
            return python
    sys.exit("error: Python 3.10 or later with its modules venv and ensurepip is needed")


def succeeds(*command):
    try:
        return subprocess.run(command, capture_output=True).returncode == 0
    except OSError:
        return False


def run(*command):
    if subprocess.run(command).returncode != 0:
        sys.exit("error: {} failed".format(" ".join(map(str, command))))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
