from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PracticalsConfig(AppConfig):
    name = "assessments.practicals"
    verbose_name = _("Practical exams")

    def ready(self):
        from lms.common import triggers, versions

        triggers.register(
            *versions.held("practicals_rubric", "practicals_criterion", "rubric_id", "Rubrics"),
            *practical_triggers(),
            *triggers.append_only("practicals_scoresheet", "Scoring sheets", blankable=("comment",)),
            *triggers.append_only("practicals_sheetmark", "Marks on scoring sheets"),
        )


def practical_triggers():
    """What a practical is scored by is fixed when it is made; once it is closed it takes no sheet."""
    from lms.common.triggers import Trigger

    frozen = "EXISTS (SELECT 1 FROM practicals_rubric r WHERE r.id = NEW.rubric_id AND r.frozen_at IS NOT NULL)"
    yield Trigger(
        "practicals_practical_has_a_frozen_rubric",
        "practicals_practical",
        "INSERT",
        f"NOT {frozen}",
        "A practical is made with a version of its rubric that cannot change any more",
    )
    yield Trigger(
        "practicals_practical_keeps_its_rubric",
        "practicals_practical",
        "UPDATE",
        "NEW.rubric_id <> OLD.rubric_id OR NEW.candidate_id <> OLD.candidate_id",
        "A practical keeps its rubric and its candidate",
    )
    yield Trigger(
        "practicals_scoresheet_comes_while_open",
        "practicals_scoresheet",
        "INSERT",
        "EXISTS (SELECT 1 FROM practicals_practical p WHERE p.id = NEW.practical_id AND p.status <> 'open')",
        "A closed practical takes no further sheets",
    )
