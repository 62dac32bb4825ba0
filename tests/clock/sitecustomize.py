"""Run by every Python that the tests start, before anything else: it lives by the clock of the tests (see `tests/clock`)."""

import os
import time

import time_machine

time_machine.travel(time.time() + float(os.environ["TESTS_CLOCK_OFFSET"]), tick=True).start()
