"""Several threads doing something at the same moment, each over a connection of its own."""

from threading import Barrier, Thread

from django.db import connection


def at_once(*calls):
    """What each call gives, or the exception that it raises, in their order."""
    barrier, results = Barrier(len(calls)), [None] * len(calls)

    def run(number, call):
        try:
            barrier.wait(10)
            results[number] = call()
        except Exception as error:
            results[number] = error
        finally:
            connection.close()

    threads = [Thread(target=run, args=pair) for pair in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return results
