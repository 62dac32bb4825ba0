"""Handing work over: to a Celery worker, to a thread of this process where there is no broker, or at once in tests."""

import logging
from concurrent.futures import ThreadPoolExecutor

from celery import current_app
from django.conf import settings
from django.db import close_old_connections, connections, transaction

logger = logging.getLogger(__name__)
_threads = ThreadPoolExecutor(max_workers=2, thread_name_prefix="background")


def enqueue(name, **arguments):
    """Run the Celery task of this name soon, after the current transaction commits.

    A broker out of reach is logged, not raised: every task sent this way stands in a table that the sweep looks through.
    """
    transaction.on_commit(lambda: _send(current_app.tasks[name], arguments))


def _send(task, arguments):
    if settings.BACKGROUND == "inline":
        task.apply(kwargs=arguments, throw=True)
    elif settings.BACKGROUND == "thread":
        _threads.submit(_in_thread, task, arguments)
    else:
        try:
            task.delay(**arguments)
        except Exception:
            logger.exception("The broker did not take %s; the sweep will make up for it.", task.name)


def _in_thread(task, arguments):
    close_old_connections()
    try:
        task.apply(kwargs=arguments, throw=True)
    except Exception:
        logger.exception("%s failed", task.name)
    finally:
        connections.close_all()
