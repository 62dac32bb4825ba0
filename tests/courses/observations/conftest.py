import pytest
from django.utils import translation


@pytest.fixture(autouse=True)
def in_english():
    """The sentences of these tests."""
    with translation.override("en"):
        yield
