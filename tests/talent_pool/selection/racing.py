"""Several people at the same moment, for tests on PostgreSQL."""

from threading import Barrier, Thread

from django.db import connection

from lms.common.states import Refused


def at_once(*functions):
    """Run the functions in threads at the same moment; what each returned or was refused with."""
    barrier, results = Barrier(len(functions)), []

    def run(function):
        barrier.wait()
        try:
            results.append(function())
        except Refused as refusal:
            results.append(str(refusal))
        finally:
            connection.close()

    threads = [Thread(target=run, args=[function]) for function in functions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
