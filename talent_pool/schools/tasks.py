from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from lms.jobs.imports import came_of, import_table
from lms.jobs.kinds import NOTHING_STAYS, job_kind
from talent_pool.schools.importers.base import entry_of
from talent_pool.schools.importers.grades import import_grades
from talent_pool.schools.importers.students import import_students

STUDENTS, GRADES = "schools.import_students", "schools.import_grades"


def _page_of(what):
    return lambda job: reverse("schools_import_result", args=[what, job.pk])


@job_kind(STUDENTS, title=_("Import of students"), then=_page_of("students"), stopped=NOTHING_STAYS, ended=came_of)
def import_students_job(progress):
    """Params: name (of the file), apply."""
    import_table(progress, import_students, entry_of)


@job_kind(GRADES, title=_("Import of grades"), then=_page_of("grades"), stopped=NOTHING_STAYS, ended=came_of)
def import_grades_job(progress):
    """Params: name (of the file), apply."""
    import_table(progress, import_grades, entry_of)
