import pytest
from django.utils import translation


@pytest.fixture(autouse=True)
def in_english():
    """Refusals are looked at in English here."""
    with translation.override("en"):
        yield
