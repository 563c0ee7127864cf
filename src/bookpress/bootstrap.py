"""Set up the book on a bare machine: a virtual environment with the exact pins, and a browser and Java for the tests.

Run by the Makefile with the system's Python, so it uses the standard library alone and must parse on old Pythons.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
LOWEST = (3, 11)
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def stop(message):
    """Leave with one line that says what to do."""
    sys.exit("set-up: " + message)


def state(*names):
    """Hash what decides one part of the environment: this Python, its folder, and the named files."""
    digest = hashlib.sha256((sys.version + str(ROOT)).encode())
    for name in names:
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()


def newer_python():
    """Start again under a newer Python, if this one is too old and another is installed."""
    for minor in (13, 12, 11, 14):
        found = shutil.which("python3.%d" % minor)
        if found and subprocess.run([found, "-c", "pass"], check=False).returncode == 0:
            os.execv(found, [found, __file__, *sys.argv[1:]])
    stop("Python 3.11 or newer is needed, this is %s; install it and run make again" % sys.version.split()[0])


def environment():
    """Make .venv with the exact pins, and install the book's own packages, unless they stand already."""
    if sys.version_info[:2] < LOWEST:
        newer_python()
    # The pins take minutes and change seldom; the book's own packages take seconds.
    pins, own = VENV / ".pins-ready", VENV / ".own-ready"
    if not done(pins, "requirements.txt"):
        print("set-up: making .venv (once; about two minutes) ...", flush=True)
        try:
            venv.EnvBuilder(clear=True, with_pip=True).create(VENV)
        except (subprocess.CalledProcessError, OSError) as error:
            stop("could not make .venv (%s); on Debian or Ubuntu install python3-venv, then run make again" % error)
        # A folder of wheels (`make wheelhouse` fills one) serves a machine that never had a network.
        house = os.environ.get("WHEELHOUSE")
        source = ["--no-index", "--find-links", house] if house else []
        install("the pinned packages", *source, "--require-hashes", "-r", str(ROOT / "requirements.txt"))
        pins.write_text(state("requirements.txt"))
    if not done(own, "requirements.txt", "pyproject.toml"):
        install("the book's own packages", "--no-deps", "--no-build-isolation", "--no-index", "-e", str(ROOT))
        own.write_text(state("requirements.txt", "pyproject.toml"))
        print("set-up: ready", flush=True)


def done(stamp, *names):
    """Tell whether a part of the environment was made from these very files."""
    return stamp.is_file() and stamp.read_text() == state(*names)


def install(what, *arguments):
    """Let pip install something, or leave with advice."""
    print("set-up: installing %s ..." % what, flush=True)
    pip = [str(VENV / "bin" / "python"), "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    if subprocess.run([*pip, *arguments], check=False).returncode != 0:
        stop("%s could not be installed; look at pip's message above, check the network, run make again" % what)


def browser():
    """Find Chromium for the page tests, or install it where that is possible."""
    if any(shutil.which(name) for name in BROWSERS):
        return
    tried = apt_get("Chromium for the page tests", "chromium", "poppler-utils")
    playwright = [str(VENV / "bin" / "playwright"), "install", "chromium"]
    if not tried and subprocess.run(playwright, check=False).returncode == 0:
        return
    if not any(shutil.which(name) for name in BROWSERS):
        skipped("no Chromium found, none could be installed: the page tests are skipped (install chromium for them)")


def java():
    """Find Java for EPUBCheck, or install it where that is possible."""
    if java_runs():
        return
    apt_get("Java for EPUBCheck", "default-jre-headless")
    if not java_runs():
        skipped("no Java found, none could be installed: the EPUBCheck test is skipped (install a Java runtime for it)")


def java_runs():
    """Tell whether there is a Java that starts; a bare macOS has one that only says where to get it."""
    if not shutil.which("java"):
        return False
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "check": False}
    return subprocess.run(["java", "-version"], **quiet).returncode == 0


def apt_get(what, *packages):
    """Install Debian packages if this is root on a Debian; tell whether that was tried."""
    if not (hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get")):
        return False
    print("set-up: installing %s ..." % what, flush=True)
    quiet = {"stdout": subprocess.DEVNULL, "check": False}
    subprocess.run(["apt-get", "update", "-qq"], **quiet)
    subprocess.run(["apt-get", "install", "-y", "-qq", *packages], **quiet)
    return True


def skipped(message):
    """Say what the tests will leave out; where everything must run, stop instead."""
    if os.environ.get("CI") == "true":
        stop(message)
    print("set-up: " + message, flush=True)


if __name__ == "__main__":
    environment()
    if "browser" in sys.argv[1:]:
        browser()
    if "java" in sys.argv[1:]:
        java()
