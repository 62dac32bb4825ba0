"""A service that the product can do without for a while: one that fails is left alone for some seconds, so that pages stay quick."""

import logging
import time

logger = logging.getLogger(__name__)
LOGGED_EVERY = 60


class Outage:
    """Of one service, as this process sees it. Racing threads at worst ask it once more or log twice."""

    def __init__(self, what, instead, pause=5):
        self.what, self.instead, self.pause = what, instead, pause
        self.until = self.log_after = 0.0
        self.is_behind = False  # something could not be said meanwhile; whoever uses the service knows what to make of it

    @property
    def is_on(self):
        return time.monotonic() < self.until

    def note(self, error):
        """It failed just now. Logged once a minute, without the address: that may hold a password."""
        now = time.monotonic()
        self.until = now + self.pause
        if now >= self.log_after:
            self.log_after = now + LOGGED_EVERY
            logger.warning("%s does not answer (%s); %s.", self.what, type(error).__name__, self.instead)
