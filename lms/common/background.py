"""Handing work over: to a Celery worker, to a thread of this process where there is no broker, or at once in tests."""

import logging
from concurrent.futures import ThreadPoolExecutor

from celery import current_app
from django.conf import settings
from django.db import close_old_connections, connections, transaction

from lms.common.outages import Outage

logger = logging.getLogger(__name__)
broker = Outage("The broker", "the sweep makes up for what it did not take", pause=20)
_threads = ThreadPoolExecutor(max_workers=2, thread_name_prefix="background")


def enqueue(name, **arguments):
    """Run the Celery task of this name soon, after the current transaction commits.

    A broker out of reach is logged, not raised, and left alone for some seconds: every task sent this way stands in a table
    that the sweep looks through.
    """
    transaction.on_commit(lambda: _send(current_app.tasks[name], arguments))


def _send(task, arguments):
    if settings.BACKGROUND == "inline":
        task.apply(kwargs=arguments, throw=True)
    elif settings.BACKGROUND == "thread":
        _threads.submit(_in_thread, task, arguments)
    elif not broker.is_on:
        try:
            task.delay(**arguments)
        except Exception as error:
            broker.note(error)


def _in_thread(task, arguments):
    close_old_connections()
    try:
        task.apply(kwargs=arguments, throw=True)
    except Exception:
        logger.exception("%s failed", task.name)
    finally:
        connections.close_all()
