"""Dates as they are written in Leeds: 29 Nov 2026, 16:30. Django's own are American."""

DATE_FORMAT = SHORT_DATE_FORMAT = "j M Y"
DATETIME_FORMAT = SHORT_DATETIME_FORMAT = "j M Y, H:i"
MONTH_DAY_FORMAT = "j M"
TIME_FORMAT = "H:i"
YEAR_MONTH_FORMAT = "M Y"
