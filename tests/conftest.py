import pytest
from django.core.cache import cache
from hypothesis import settings as hypothesis_settings

# How long one example takes says nothing on a shared machine.
hypothesis_settings.register_profile("pitlane", deadline=None)
hypothesis_settings.load_profile("pitlane")


@pytest.fixture(autouse=True)
def clean_slate(settings, tmp_path):
    """Files of a test go to its own folder; no cached value leaks from one test to the next."""
    settings.MEDIA_ROOT = tmp_path / "media"
    cache.clear()


@pytest.fixture
def sign_in(client):
    """`sign_in(employee)` → the test client, signed in as that person."""

    def sign_in(employee):
        client.force_login(employee.user)
        return client

    return sign_in
