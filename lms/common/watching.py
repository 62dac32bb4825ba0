"""The eye on a reader: it stops at its time with a sentence, and its caller hears that it lives."""

import time
from collections.abc import Callable

from lms.common import limits
from lms.common.bilingual import gettext as _
from lms.common.states import Refused


class UnreadableFile(Refused):
    """The file is not a table that can be read; the message says what is wrong and what would be right."""


class Watch:
    """`look` is called at every step of reading: it beats, and raises `UnreadableFile` after `seconds`.

    What `beat` raises, such as a job's cancelling, ends the reading.
    """

    def __init__(self, beat: Callable[[], None] | None = None, seconds: float | None = None):
        self._beat = beat
        self._seconds = limits.READING_SECONDS if seconds is None else seconds
        self._ends = time.monotonic() + self._seconds

    def look(self):
        if self._beat:
            self._beat()
        if time.monotonic() > self._ends:
            raise UnreadableFile(
                _("Reading this file took longer than %(seconds)d seconds and was stopped. Split it, or save it as “CSV UTF-8”.")
                % {"seconds": self._seconds}
            )
