"""The pulse of a job at work. It beats beside the work, over a connection of its own, so that no transaction hides it."""

import logging
import threading
import time

from django.db import DatabaseError, connection, connections

logger = logging.getLogger(__name__)

BEAT_SECONDS = 1
# A job that takes no step for so long hangs: its pulse stops, and it is taken for dead like one whose worker died.
LONGEST_STEP = 20 * 60  # seconds

_at_work: dict = {}  # number of the job → its `Progress`, of the jobs that this process is doing


def at_work(job_id):
    """The progress of a job that this very process is doing, or None; one that hangs is not at work."""
    progress = _at_work.get(job_id)
    return progress if progress and _steps_on(progress) else None


def _steps_on(progress):
    return time.monotonic() - progress.stepped_at < LONGEST_STEP


class Pulse:
    """`with Pulse(progress):` the job counts as alive, and hears of being called off, whatever its own connection is busy with."""

    def __init__(self, progress):
        self.progress = progress
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"pulse of job {progress.job.pk}", daemon=True)

    def __enter__(self):
        _at_work[self.progress.job.pk] = self.progress
        # Within somebody's transaction no other connection sees the job, so there is nobody to tell.
        self.progress.has_pulse = not connection.in_atomic_block
        if self.progress.has_pulse:
            self._thread.start()
        return self

    def __exit__(self, *_error):
        self._stop.set()
        if self.progress.has_pulse:
            self._thread.join()
            self.progress.has_pulse = False
        if _at_work.get(self.progress.job.pk) is self.progress:
            del _at_work[self.progress.job.pk]

    def _run(self):
        try:
            while not self._stop.wait(BEAT_SECONDS) and not self.progress.is_lost:
                self._beat()
        finally:
            connections.close_all()

    def _beat(self):
        """A beat that fails is made up for by the next: on SQLite the work itself may hold the database for a while."""
        try:
            self.progress.write() if _steps_on(self.progress) else self.progress.look()
        except DatabaseError as error:
            logger.info("A beat of job %s was not written: %s", self.progress.job.pk, error)
            connection.close()
