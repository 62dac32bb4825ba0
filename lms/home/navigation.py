"""Where each person can go, by what they may do. One place decides it for the side bar and the dock."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Place:
    url_name: str
    label: str | Promise
    icon: str
    permission: str = ""


STAFF = [
    Place("today", _("Today"), "home"),
    Place("my_students", _("My students"), "school", "schools.coordinate_students"),
    Place("catalogue", _("Learn"), "learn", "learning.take_courses"),
    Place("training", _("Training"), "training", "training.attend_sessions"),
    Place("my_exams", _("Exams"), "exams", "grading.view_own_grading"),
    Place("growth", _("My growth"), "growth", "grading.view_own_grading"),
    Place("intern_batches", _("Interns"), "route", "schools.coordinate_students"),
    Place("my_internship", _("My internship"), "route", "interns.keep_log"),
    Place("my_logs", _("Weekly logs"), "edit", "interns.keep_log"),
]
MENTORING = [
    Place("mentees", _("My mentees"), "mentor", "onboarding.sign_off"),
    Place("weekly_logs", _("Weekly logs"), "edit", "onboarding.sign_off"),
]
LEADING = [
    Place("training_board", _("Training board"), "board", "training.view_board"),
    Place("people", _("People"), "people", "people.view_dealer_people"),
    Place("cycles", _("Grading"), "grading", "grading.view_cycles"),
    Place("certificates", _("Certificates"), "certificate", "people.view_dealer_people"),
    Place("pay_changes", _("Pay"), "pay", "pay.view_pay"),
    Place("pay_changes", _("Pay"), "pay", "pay.countersign_pay_changes"),
    Place("audit", _("Audit log"), "shield", "audit.view_events"),
]
GROWING = [
    Place("schools", _("Schools"), "school", "schools.view_schools"),
    Place("intern_batches", _("Interns"), "route", "interns.view_interns"),
    Place("labour_findings", _("Rule check"), "flag", "labour.view_findings"),
    Place("task_books", _("Task books"), "mentor", "onboarding.view_taskbook"),
    Place("selection", _("Selection"), "award", "selection.view_selection"),
]
EXAMINING = [Place("marking_queue", _("Scoring"), "edit", "grading.examine")]
AUTHORING = [Place("wagtailadmin_home", _("Course studio"), "edit", "wagtailadmin.access_admin")]

SECTIONS = [
    ("", STAFF),
    (_("Mentoring"), MENTORING),
    (_("Leading"), LEADING),
    (_("Talent pool"), GROWING),
    (_("Examining"), EXAMINING),
    (_("Authoring"), AUTHORING),
]

# What the five places of a phone's dock are, for whoever has more than the staff's: the first five of these that are open.
DOCK = ["today", "training_board", "people", "cycles", "pay_changes", "marking_queue", "training", "catalogue", "growth"]

# Of a mentor who leads nobody: what they sign on the phone comes before what they read there now and then.
MENTOR_DOCK = ["today", "mentees", "weekly_logs", "training", "catalogue"]


def sections_for(user, path):
    """[{title, items}] for the side bar: only what the person may open, the present place marked."""
    found = []
    for title, places in SECTIONS:
        items = []
        for place in places:
            item = _item(place, user)
            if item and item["url"] not in {other["url"] for other in items}:
                items.append(item)
        if items:
            found.append({"title": title, "items": items})
    _mark_present([item for section in found for item in section["items"]], path)
    return found


def _mark_present(items, path):
    """The place whose path is the longest beginning of this one is where we are."""
    here = [item for item in items if (path == "/" if item["url"] == "/" else path.startswith(item["url"]))]
    if here:
        max(here, key=lambda item: len(item["url"]))["current"] = True


def dock_for(user, sections):
    """At most five items of `sections` for the phone."""
    by_name = {item["name"]: item for section in sections for item in section["items"]}
    if not user.has_perm("people.view_dealer_people") and not user.has_perm("grading.examine"):
        return [*by_name.values()][:5] if "mentees" not in by_name else [by_name[name] for name in MENTOR_DOCK if name in by_name]
    return [by_name[name] for name in DOCK if name in by_name][:5]


def _item(place, user):
    if place.permission and not user.has_perm(place.permission):
        return None
    url = reverse(place.url_name)
    return {"name": place.url_name, "label": place.label, "url": url, "icon": place.icon, "current": False}
