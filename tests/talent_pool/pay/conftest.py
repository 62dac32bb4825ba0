"""Whose hands pay goes through, and the language that its tests read."""

import pytest
from django.utils import translation

from tests.factories import make_employee


@pytest.fixture(autouse=True)
def english(settings):
    settings.LANGUAGE_CODE = "en"
    with translation.override("en"):
        yield


@pytest.fixture
def hr():
    return make_employee("hr_officer").user


@pytest.fixture
def manager():
    return make_employee("general_manager").user
