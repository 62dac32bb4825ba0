import pytest
from django.core.cache import cache
from django.test import TransactionTestCase
from django.utils import timezone
from hypothesis import settings as hypothesis_settings

from lms.common import triggers
from tests import clock

# How long one example takes says nothing on a shared machine.
hypothesis_settings.register_profile("pitlane", deadline=None)
hypothesis_settings.load_profile("pitlane")


def pytest_addoption(parser):
    parser.addoption(
        "--at", default=clock.MOMENT, metavar="TIME", help="the moment at which this run begins (default: %(default)s, Shanghai)"
    )


def pytest_configure(config):
    """Set the clock, before any test module is read. Parallel workers live by that of the process that started them."""
    try:
        offset = clock.offset_to(config.getoption("at"))
    except ValueError as error:
        raise pytest.UsageError(f"--at: {error}") from error
    if hasattr(config, "workerinput"):
        offset = config.workerinput["clock_offset"]
    config.add_cleanup(clock.set_clock(offset).stop)
    config.clock_offset = offset
    # The first process of a parallel run starts nothing but its workers, and these set their own clocks here.
    if config.getoption("numprocesses", None) is None:
        clock.tell_children(offset)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node):
    """A hook of pytest-xdist, in the first process of a parallel run."""
    node.workerinput["clock_offset"] = node.config.clock_offset


def pytest_report_header(config):
    return f"clock: set to {config.getoption('at')}"


def reaches_database(item):
    """pytest-django opens the database for no other test, so that none can be forgotten."""
    fixtures = {"db", "transactional_db", "live_server"} & set(item.fixturenames)
    return bool(fixtures or item.get_closest_marker("django_db") or issubclass(item.cls or object, TransactionTestCase))


@pytest.hookimpl(tryfirst=True)  # before `-m` chooses
def pytest_collection_modifyitems(items):
    """`make services` runs what is marked so: on PostgreSQL the rest is the same as on SQLite."""
    for item in items:
        if reaches_database(item):
            item.add_marker(pytest.mark.database)


@pytest.fixture
def still_clock(time_machine):
    """However long the test takes, no second passes in it: for codes that hold for seconds and looks that are counted by the minute."""
    time_machine.move_to(timezone.now(), tick=False)


@pytest.fixture(autouse=True)
def clean_slate(settings, tmp_path):
    """Files of a test go to its own folder; no cached value leaks from one test to the next."""
    settings.MEDIA_ROOT = tmp_path / "media"
    cache.clear()


@pytest.fixture(autouse=True)
def flushable(request):
    """After a test with real commits the tables are emptied, which append-only triggers refuse; `post_migrate` puts them back."""
    marker = request.node.get_closest_marker("django_db")
    commits = "transactional_db" in request.fixturenames or "live_server" in request.fixturenames
    if not commits and not (marker and marker.kwargs.get("transaction")):
        yield
        return
    request.getfixturevalue("transactional_db")
    yield
    triggers.drop_all()


@pytest.fixture
def sign_in(client):
    """`sign_in(employee)` → the test client, signed in as that person."""

    def sign_in(employee):
        client.force_login(employee.user)
        return client

    return sign_in
