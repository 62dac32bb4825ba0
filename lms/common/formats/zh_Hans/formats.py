"""Django's own but for 07月1日."""

MONTH_DAY_FORMAT = "n月j日"
