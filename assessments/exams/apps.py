from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ExamsConfig(AppConfig):
    name = "assessments.exams"
    verbose_name = _("Exams")

    def ready(self):
        from lms.common import triggers, versions

        triggers.register(
            *versions.held("exams_blueprint", "exams_blueprintline", "blueprint_id", "Blueprints"),
            *triggers.append_only("exams_attemptevent", "Events of an attempt", blankable=("data",)),
            *triggers.append_only("exams_paperitem", "The questions of a paper"),
            *sitting_triggers(),
            *mend_triggers(),
        )


def sitting_triggers():
    """What a sitting asks for is fixed when it is set, and from when its results are signed no attempt changes."""
    from lms.common.triggers import Trigger

    frozen = "EXISTS (SELECT 1 FROM exams_blueprint b WHERE b.id = NEW.blueprint_id AND b.frozen_at IS NOT NULL)"
    fixed = ("blueprint_id", "dealer_id", "level", "minutes", "pass_mark")
    sealed = "SELECT 1 FROM exams_paper p JOIN exams_sitting s ON s.id = p.sitting_id WHERE p.id = {paper} AND s.sealed_at IS NOT NULL"
    yield Trigger(
        "exams_sitting_has_a_frozen_blueprint",
        "exams_sitting",
        "INSERT",
        f"NOT {frozen}",
        "A sitting is set by a version of its blueprint that cannot change any more",
    )
    yield Trigger(
        "exams_sitting_keeps_what_it_asks_for",
        "exams_sitting",
        "UPDATE",
        " OR ".join(f"NEW.{name} <> OLD.{name}" for name in fixed),
        "A sitting keeps its blueprint, level, minutes and pass mark",
    )
    for event, row in (("INSERT", "NEW"), ("UPDATE", "OLD"), ("DELETE", "OLD")):
        yield Trigger(
            f"exams_attempt_sealed_no_{event.lower()}",
            "exams_attempt",
            event,
            f"EXISTS ({sealed.format(paper=f'{row}.paper_id')})",
            "The results of this exam are fixed for signing; take them back to marking first",
        )
    answered = "SELECT 1 FROM answers_response r JOIN exams_attempt a ON a.sheet_id = r.sheet_id JOIN exams_paper p ON p.id = a.paper_id"
    yield Trigger(
        "answers_mark_sealed_no_insert",
        "answers_mark",
        "INSERT",
        f"EXISTS ({answered} JOIN exams_sitting s ON s.id = p.sitting_id WHERE r.id = NEW.response_id AND s.sealed_at IS NOT NULL)",
        "The results of this exam are fixed for signing; take them back to marking first",
    )


def mend_triggers():
    """A key is mended as it was proposed, once, by two people, and not while its marks are signed."""
    from lms.common.triggers import Trigger

    table = "exams_keymend"
    proposal = ("sitting_id", "version_id", "way", "reason", "proposed_by_id", "proposed_at")
    changed = " OR ".join(f"NEW.{name} <> OLD.{name}" for name in proposal)
    yield Trigger(
        f"{table}_is_decided_once",
        table,
        "UPDATE",
        f"OLD.confirmed_at IS NOT NULL OR OLD.withdrawn_at IS NOT NULL OR {changed}",
        "A mended key is confirmed or withdrawn as it was proposed, once",
    )
    yield Trigger(f"{table}_no_delete", table, "DELETE", "1 = 1", "Mended keys stay on record")
    yield Trigger(
        f"{table}_sealed_no_update",
        table,
        "UPDATE",
        "NEW.confirmed_at IS NOT NULL AND EXISTS (SELECT 1 FROM exams_sitting s WHERE s.id = NEW.sitting_id"
        " AND (s.sealed_at IS NOT NULL OR s.results_at IS NOT NULL))",
        "The results of this exam are fixed for signing; take them back to marking first",
    )
