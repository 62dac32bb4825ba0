import pytest
from django.utils import translation


@pytest.fixture(autouse=True)
def _in_english():
    """Sentences are compared in the language of the code; translations have tests of their own."""
    with translation.override("en"):
        yield
