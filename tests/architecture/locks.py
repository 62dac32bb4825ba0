"""The lock files read as data, and what they leave open on a given Python and system."""

from importlib.metadata import distribution
from itertools import product
from pathlib import Path

from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
LOCKS = ["requirements.txt", "requirements-dev.txt"]
OLDEST = "3.11.2"  # Debian 12's, which README names
# Of each line the first release and a late one: a requirement may begin or end between them.
PYTHONS = [OLDEST, "3.11.14", "3.12.0", "3.12.12", "3.13.0", "3.13.9", "3.14.0"]
# Windows by way of WSL, which is Linux: neither gunicorn nor these scripts run on Windows itself.
SYSTEMS = [("linux", "Linux", "x86_64"), ("linux", "Linux", "aarch64"), ("darwin", "Darwin", "arm64")]


def pins_of(lock):
    """{name: the locked requirement, with its extras}."""
    lines = [line for line in (ROOT / lock).read_text().splitlines() if line[:1].isalnum()]
    wanted = [Requirement(line.removesuffix("\\").strip()) for line in lines]
    return {canonicalize_name(one.name): one for one in wanted}


def version_of(pin):
    (exact,) = pin.specifier
    assert exact.operator == "==", pin
    return exact.version


def environments():
    """What the markers of a requirement are asked about, for each Python on each system."""
    for python, (platform, system, machine) in product(PYTHONS, SYSTEMS):
        short = python.rpartition(".")[0]
        yield default_environment() | {
            "python_full_version": python,
            "python_version": short,
            "implementation_version": python,
            "sys_platform": platform,
            "platform_system": system,
            "platform_machine": machine,
        }


def installed_requirements(name):
    return distribution(name).requires or []


def open_ends(pins, requirements=installed_requirements):
    """What a locked package requires somewhere that the lock does not hold, as sentences; none where it is closed."""
    found = set()
    for (name, pin), environment in product(pins.items(), environments()):
        for needed in map(Requirement, requirements(name)):
            applies = any(needed.marker is None or needed.marker.evaluate(environment | {"extra": extra}) for extra in ["", *pin.extras])
            if applies and not satisfied(needed, pins):
                found.add(f"{pin} requires {needed} on Python {environment['python_full_version']}, {environment['platform_system']}")
    return sorted(found)


def satisfied(needed, pins):
    pin = pins.get(canonicalize_name(needed.name))
    if pin is None or not needed.specifier.contains(version_of(pin), prereleases=True):
        return False
    return {canonicalize_name(extra) for extra in needed.extras} <= {canonicalize_name(extra) for extra in pin.extras}
