"""Making up for what a lost message or a killed process left undone. The tables say what that is; every step can be repeated."""

import logging

from django.utils.module_loading import import_string

logger = logging.getLogger(__name__)

# What may not wait for a minute: an exam that ends is handed in and marked within sixty seconds of its end.
EVERY_FEW_SECONDS = {"overdue exams": "assessments.exams.actions.attempts.submit_overdue"}
FEW_SECONDS = 10
# What may not wait for the night: name → action taking `at`.
EVERY_MINUTE = {
    "changes of people that have come": "lms.people.actions.coming.carry_out_changes",
    "jobs": "lms.jobs.actions.restart_lost_jobs",
    "overdue exams": "assessments.exams.actions.attempts.submit_overdue",
    "unmarked exams": "assessments.exams.actions.marks.mark_unmarked",
    "published cycles": "talent_pool.progression.follow_up_publications",
    "pay that no longer fits": "talent_pool.pay.actions.withdrawing.withdraw_unfit_changes",
    "sessions of presenters who have gone": "courses.training.actions.presenters.unconfirm_sessions",
    "signers told": "lms.notifications.signers.tell_about_signers",
    "mail": "lms.notifications.sending.deliver_pending",
}
EVERY_NIGHT = EVERY_MINUTE | {
    "what has expired": "lms.common.cache.forget_expired",
    "addresses of sign-ins": "lms.trail.actions.forget_addresses",
    "files of old jobs": "lms.jobs.actions.forget_files",
    "rules of internships and probations": "talent_pool.labour.actions.findings.record_findings",
    "departures on probation": "talent_pool.selection.actions.probation.close_left",
    "probations that end": "talent_pool.selection.actions.reminders.remind_probations",
    "weekly logs": "talent_pool.interns.actions.log_reminders.remind_logs",
    "training reminders": "courses.training.actions.reminders.send_reminders",
    "task books behind their plan": "talent_pool.onboarding.actions.reminders.tell_of_books_behind",
    "courses of targeted classes": "talent_pool.schools.actions.classes.make_up_enrolments",
    "agreements with schools": "talent_pool.schools.actions.reminders.remind_of_agreements",
    "dates of birth": "talent_pool.schools.actions.students.erase_birth_dates",
}


def sweep(*, at, steps=EVERY_NIGHT):
    """Take each step; one that fails is logged and does not stop the others. Returns {name: how many, or None where it failed}."""
    return {name: _take(name, path, at) for name, path in steps.items()}


def _take(name, path, at):
    try:
        return import_string(path)(at=at)
    except Exception:
        logger.exception("The sweep's step “%s” failed; the next sweep tries again.", name)
        return None
