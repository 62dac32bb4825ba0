"""Time zones by name. One that is not known is refused where it is entered, and never stops whoever reads it."""

import logging
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from django.core.exceptions import ValidationError
from django.utils import timezone

from lms.common.bilingual import gettext as _

logger = logging.getLogger(__name__)


@cache
def zone_names():
    """All that there are, older names such as PRC too; without the two that mean “not set”."""
    return sorted(available_timezones() - {"Factory", "localtime"})


def offered_zones():
    """The zones that people choose from: places, as Asia/Shanghai, and UTC."""
    return [name for name in zone_names() if name == "UTC" or ("/" in name and not name.startswith(("Etc/", "SystemV/")))]


def is_zone(name):
    return name in zone_names()


def validate_time_zone(name):
    if not is_zone(name):
        raise ValidationError(
            _("“%(name)s” is not a time zone. Choose a place from the list, such as Asia/Shanghai; UTC+8 is not a place."),
            params={"name": name},
        )


@cache
def zone_named(name):
    """The zone; where there is none of that name, the installation's own, with a line in the log."""
    if is_zone(name):
        return ZoneInfo(name)
    own = timezone.get_default_timezone_name()
    logger.error("“%s” is not a time zone; times are shown in %s. See manage.py check_integrity.", name, own)
    return timezone.get_default_timezone()
