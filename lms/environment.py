"""Reading `LMS_…` variables. What is written wrong stops the start with a sentence that says what would be right."""

import logging
import os
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from django.core.exceptions import ImproperlyConfigured

TRUE, FALSE = {"1", "true", "yes", "on"}, {"0", "false", "no", "off"}


def env(name, default=""):
    return os.environ.get(f"LMS_{name}", default).strip()


def wrong(name, what):
    return ImproperlyConfigured(f"LMS_{name} is “{env(name)}”; {what}")


def env_bool(name, default):
    text = env(name, "true" if default else "false").lower()
    if text not in TRUE | FALSE:
        raise wrong(name, "it must be true or false. Leave the variable out for what holds by itself.")
    return text in TRUE


def env_list(name, default=""):
    return [item.strip() for item in env(name, default).split(",") if item.strip()]


def env_int(name, default, lowest, highest):
    """Empty means the default."""
    text = env(name) or str(default)
    if not (text.isascii() and text.isdigit() and len(text) < 10 and lowest <= int(text) <= highest):
        raise wrong(name, f"it must be a whole number from {lowest} to {highest}.")
    return int(text)


def env_choice(name, default, choices):
    text = env(name) or default
    if text not in choices:
        raise wrong(name, f"it must be one of {', '.join(choices)}.")
    return text


def env_zone(name, default):
    text = env(name) or default
    if text not in available_timezones() - {"Factory", "localtime"}:
        raise wrong(name, "it must name a time zone by a place, such as Asia/Shanghai or Europe/Berlin; UTC+8 is none.")
    return text


def env_url(name, schemes, default=""):
    """An address with one of the schemes and, where there is one, a port that is a number; empty where that is the default."""
    text = env(name) or default
    try:
        parts = urlsplit(text)
        known = parts.scheme in schemes and (parts.port is None or parts.port > 0)
    except ValueError:  # a port that is none, brackets without an end
        known = False
    if text and not known:
        # The address may hold a password, so it is not repeated.
        raise ImproperlyConfigured(
            f"LMS_{name} is no address that can be used; it must begin with {' or '.join(f'{s}://' for s in schemes)}."
        )
    return text


def env_site(name, default):
    """Where people find the product: a web address with a host, without a path."""
    text = env_url(name, ("http", "https"), default).rstrip("/")
    parts = urlsplit(text)
    if not parts.hostname or parts.path or parts.query:
        raise wrong(name, "it must be an address such as https://pitlane.example.com, without a path.")
    return text


def env_origins(name):
    """Web addresses of other hosts, as Django compares them."""
    origins = env_list(name)
    if any(urlsplit(origin).scheme not in ("http", "https") or not urlsplit(origin).netloc for origin in origins):
        raise wrong(name, "each must begin with https:// (or http://) and name a host.")
    return origins


def env_hosts(name):
    hosts = env_list(name)
    if any("/" in host or " " in host for host in hosts):
        raise wrong(name, "each must be a host name such as pitlane.example.com, without https:// and without a path.")
    return hosts


def env_file(name):
    """The path of a file that is there, or empty."""
    text = env(name)
    if text and not Path(text).is_file():
        raise wrong(name, "there is no such file.")
    return text


def env_log_level(name, default):
    return env_choice(name, default, [level for level in logging.getLevelNamesMapping() if level != "NOTSET"])


def env_mail_address(name, default):
    text = env(name) or default
    if text.count("@") != 1 or "\n" in text:
        raise wrong(name, "it must be an address such as Pitlane <pitlane@example.com>.")
    return text
