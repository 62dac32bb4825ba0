"""Who runs what is running on the console: each event of a command names the person at the machine beside the user it acts for."""

import logging
import os
import socket
import sys
from contextlib import contextmanager
from contextvars import ContextVar

# What happens in these is done by whoever is signed in, by the product itself, or by the people of the demo.
OTHERS_ACT = {"serve", "runserver", "sweep", "demo", "seed_demo"}
# Django's own commands by which records change past every action of ours: that they ran is an event of its own.
PAST_OUR_ACTIONS = {"changepassword", "createsuperuser", "dbshell", "flush", "loaddata", "shell"}

_runner: ContextVar[str] = ContextVar("runner", default="")


def runner():
    """“li@server: manage.py import_employees staff.xlsx”; empty where nobody at the console runs this."""
    return _runner.get()


@contextmanager
def running(argv):
    """Name whoever runs this command in every event that it records."""
    token = _runner.set("" if _command(argv) in OTHERS_ACT else f"{whoever()}: {_words(argv)}"[:200])
    try:
        yield
    finally:
        _runner.reset(token)


def main():
    """`manage.py`: run the command that was typed, on record."""
    from django.core.management import execute_from_command_line

    with running(sys.argv):
        if _command(sys.argv) in PAST_OUR_ACTIONS and not {"-h", "--help"} & set(sys.argv):
            _record(sys.argv)
        execute_from_command_line(sys.argv)


def _record(argv):
    import django

    django.setup()
    from django.db import DatabaseError, transaction

    from lms.audit.actions import record_event

    try:
        with transaction.atomic():
            record_event("console.ran", target=None, by=None, after={"command": _words(argv)})
    except DatabaseError:
        # A database that is not made yet, or is being mended, is just what such a command is for.
        logging.getLogger(__name__).warning("The audit log is not there; “%s” is not on record.", _words(argv))


def _command(argv):
    return argv[1] if len(argv) > 1 else ""


def _words(argv):
    """The command as typed, without what follows a password's name."""
    words, hidden = ["manage.py"], False
    for word in argv[1:]:
        name, sign, _value = word.partition("=")
        words.append("…" if hidden else f"{name}=…" if sign and "password" in name else word)
        hidden = word.startswith("--") and "password" in word and not sign
    return " ".join(words)


def whoever():
    """Whoever sits at the console, as far as the machine knows: “li@server”."""
    return f"{_person()}@{socket.gethostname()}"


def _person():
    """The account at the machine, and who became it by sudo."""
    try:
        import pwd

        name = pwd.getpwuid(os.getuid()).pw_name
    except (ImportError, KeyError):  # another system, or a container without a table of users
        name = str(getattr(os, "getuid", lambda: "?")())
    before = os.environ.get("SUDO_USER", "")
    return f"{before} as {name}" if before and before != name else name
