"""Run by every Python that the tests start, before anything else: it lives by the clock of the tests (see `tests/clock`)."""

import os
import sys
import time

# time-machine loads pytest where there is one, by which our settings know the tests; these processes are the product itself.
sys.modules["pytest"] = None
import time_machine  # noqa: E402

del sys.modules["pytest"]

time_machine.travel(time.time() + float(os.environ["TESTS_CLOCK_OFFSET"]), tick=True).start()
