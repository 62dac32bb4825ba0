"""Makers of records for tests. Each takes what the test is about and fills in the rest with believable values."""

from tests.factories.assessments import *  # noqa: F403
from tests.factories.courses import *  # noqa: F403
from tests.factories.grading import *  # noqa: F403
from tests.factories.onboarding import *  # noqa: F403
from tests.factories.pay import *  # noqa: F403
from tests.factories.people import *  # noqa: F403
from tests.factories.pipeline import *  # noqa: F403
from tests.factories.selection import *  # noqa: F403
from tests.factories.training import *  # noqa: F403
