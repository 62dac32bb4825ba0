"""A variable that is written wrong stops the start with a sentence, instead of stopping every page later."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from lms import environment

ROOT = Path(__file__).parents[2]
WRONG = {
    "DEBUG": ["ture", "", "2"],
    "DEMO": ["ja"],
    "HTTPS": ["https"],
    "BASE_URL": ["pitlane.example.com", "ftp://x", "https://", "https://x/path", "http://x:port"],
    "ALLOWED_HOSTS": ["https://pitlane.example.com", "a b"],
    "CSRF_TRUSTED_ORIGINS": ["pitlane.example.com"],
    "DATABASE_URL": ["mysql://x/y", "postgresql://host:port/name", "postgresql://host", "postgresql://[half/name"],
    "REDIS_URL": ["localhost:6379", "http://x"],
    "BROKER_URL": ["localhost", "kafka://x"],
    "EMAIL_URL": ["mail.example.com", "smtp://x:port"],
    "MAIL_FROM": ["nobody", "a@b@c"],
    "WEB_WORKERS": ["many", "0", "-1", "1e3", "²", "9" * 5000],
    "WEB_THREADS": ["4.5", "100000"],
    "WORKER_PROCESSES": ["0x10"],
    "TRUSTED_PROXIES": ["-1", "yes"],
    "LANGUAGE": ["zh", "fr", "ZH-HANS"],
    "TIME_ZONE": ["UTC+8", "Asia/Shangai", "America", "../etc/passwd", "localtime"],
    "LOG_LEVEL": ["loud", "warning"],
    "CERTIFICATE_FONT": ["/nowhere/face.ttf"],
}


def start(**variables):
    """What a start of the product with these variables ends with: the last line of its errors, or empty."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("LMS_")}
    env |= {f"LMS_{name}": value for name, value in variables.items()}
    done = subprocess.run([sys.executable, "-c", "import lms.settings"], cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    return done.stderr.strip().rpartition("\n")[2]


ONE_EACH = [(name, values[0]) for name, values in WRONG.items()]


@pytest.mark.parametrize(("name", "value"), ONE_EACH)
def test_a_wrong_value_stops_the_start_with_a_sentence_that_names_the_variable(name, value, tmp_path):
    said = start(**{"DATA_DIR": str(tmp_path), name: value})
    assert said.startswith("django.core.exceptions.ImproperlyConfigured: LMS_" + name)
    assert "must" in said or "no such file" in said


def test_what_the_example_says_starts(tmp_path):
    lines = (ROOT / ".env.example").read_text().splitlines()
    variables = dict(line.removeprefix("LMS_").split("=", 1) for line in lines if line.startswith("LMS_"))
    assert start(**variables | {"DATA_DIR": str(tmp_path)}) == ""


def test_a_password_in_an_address_is_not_repeated(tmp_path):
    assert "secret" not in start(DATA_DIR=str(tmp_path), DATABASE_URL="postgresql://me:secret@host:port/name")


SEVERAL = [(name, value) for name in ("WEB_WORKERS", "TIME_ZONE", "BASE_URL", "DATABASE_URL", "DEBUG", "LANGUAGE") for value in WRONG[name]]


@pytest.mark.parametrize(("name", "value"), SEVERAL)
def test_every_kind_of_wrong_value_is_told(name, value, monkeypatch):
    monkeypatch.setenv(f"LMS_{name}", value)
    read = {
        "WEB_WORKERS": lambda: environment.env_int("WEB_WORKERS", 1, 1, 200),
        "TIME_ZONE": lambda: environment.env_zone("TIME_ZONE", "Asia/Shanghai"),
        "BASE_URL": lambda: environment.env_site("BASE_URL", "http://x"),
        "DATABASE_URL": lambda: database_of(environment.env_url("DATABASE_URL", ("sqlite", "postgresql"))),
        "DEBUG": lambda: environment.env_bool("DEBUG", True),
        "LANGUAGE": lambda: environment.env_choice("LANGUAGE", "en", ["zh-hans", "en"]),
    }
    with pytest.raises(ImproperlyConfigured, match=f"LMS_{name}"):
        read[name]()


def database_of(url):
    from lms.settings import database

    return database(url)


def test_an_empty_number_or_address_means_the_default(monkeypatch):
    for name in ("WEB_WORKERS", "REDIS_URL", "TIME_ZONE"):
        monkeypatch.setenv(f"LMS_{name}", "")
    assert environment.env_int("WEB_WORKERS", 3, 1, 9) == 3
    assert environment.env_url("REDIS_URL", ("redis",)) == ""
    assert environment.env_zone("TIME_ZONE", "Asia/Shanghai") == "Asia/Shanghai"
