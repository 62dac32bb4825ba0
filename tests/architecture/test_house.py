"""What lies around the code: settings, locks, docs, roles, deployment."""

import re
import socket
import subprocess
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import Permission
from django.utils.module_loading import import_string
from pytest_socket import SocketConnectBlockedError

from lms.home.sweep import EVERY_NIGHT
from lms.people.choices import Role
from lms.people.roles import permissions_of, role_permissions

ROOT = Path(__file__).parents[2]
VARIABLE = re.compile(r"\bLMS_[A-Z_]+\b")
TOP = {"lms", "courses", "assessments", "talent_pool", "templates", "tests", "docs"}


def variables_of_settings():
    source = (ROOT / "lms/settings.py").read_text()
    return {f"LMS_{name}" for name in re.findall(r"\benv(?:_\w+)?\(\s*\"([A-Z_]+)\"", source)}


def variables_of_example():
    return set(re.findall(r"^(LMS_[A-Z_]+)=", (ROOT / ".env.example").read_text(), flags=re.M))


def test_the_example_of_the_environment_names_every_variable_and_no_other():
    assert variables_of_example() == variables_of_settings()


@pytest.mark.parametrize("name", ["compose.yaml", "Dockerfile", "Makefile", ".ci/run", "docs/operations.md"])
def test_deployment_files_name_only_variables_that_exist(name):
    assert set(VARIABLE.findall((ROOT / name).read_text())) <= variables_of_settings()


def test_compose_runs_every_part_with_health_checks():
    source = (ROOT / "compose.yaml").read_text()
    services = re.findall(r"^  ([a-z]+):$", source.split("\nvolumes:")[0].split("\nservices:")[1], flags=re.M)
    assert set(services) == {"web", "worker", "beat", "migrate", "postgres", "redis", "rabbitmq"}
    assert source.count("healthcheck:") >= 4
    assert "\t" not in source


def test_the_architecture_page_lists_every_app():
    page = (ROOT / "docs/architecture.md").read_text()
    ours = [app.name for app in apps.get_app_configs() if app.name.split(".")[0] in TOP]
    assert not [name for name in ours if name not in page and f"{name.rpartition('.')[2]}/" not in page]


def test_no_test_reaches_another_machine():
    """192.0.2.1 is nobody's: the address of examples."""
    with pytest.warns(UserWarning, match="tried to use socket"), pytest.raises(SocketConnectBlockedError):
        socket.create_connection(("192.0.2.1", 9), timeout=1)


def test_nothing_else_lies_at_the_top():
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if tracked.returncode:
        pytest.skip("not a git checkout")
    folders = {line.split("/")[0] for line in tracked.stdout.splitlines() if "/" in line}
    assert folders <= TOP | {".ci"}


@pytest.mark.django_db
def test_every_permission_that_a_role_names_exists():
    known = {f"{app}.{name}" for app, name in Permission.objects.values_list("content_type__app_label", "codename")}
    assert not permissions_of(Role) - known
    assert set(role_permissions()) == set(Role)


@pytest.mark.parametrize("path", EVERY_NIGHT.values())
def test_every_step_of_the_sweep_exists(path):
    assert callable(import_string(path))


def test_beat_knows_only_tasks_that_exist():
    from celery import current_app

    assert {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()} <= set(current_app.tasks)


def test_no_file_is_too_long():
    """But for the settings, which are one file by intent."""
    folders = ["lms", "courses", "assessments", "talent_pool"]
    files = [path for folder in folders for path in (ROOT / folder).rglob("*.py") if not {"migrations", "settings.py"} & set(path.parts)]
    assert not [f"{path.relative_to(ROOT)}: {n}" for path in files if (n := len(path.read_text().splitlines())) > 300]
