"""The school's table of grades. An empty cell is a grade that is missing, which is something else than 0: it says nothing."""

import re
from decimal import Decimal, InvalidOperation
from functools import partial

from django.utils import timezone

from lms.common.bilingual import gettext as _
from lms.common.tables import Heads
from talent_pool.schools.actions.grades import record_grade
from talent_pool.schools.actions.students import whose_student
from talent_pool.schools.importers.base import Importer
from talent_pool.schools.models import Grade
from talent_pool.schools.permissions import may_keep_student
from talent_pool.schools.queries.grades import grades_of

SCORE = re.compile(r"\d{1,3}(\.\d{1,2}0*)?")
KINDS = (Grade.Kind.COURSEWORK, Grade.Kind.GRADUATION)


class GradeImporter(Importer):
    heads = Heads(
        {
            "school": ["院校代码", "院校编码", "院校", "学校代码", "学校", "school code", "school"],
            "code": ["学号", "学生编号", "student code", "student number", "student id", "code"],
            "name": ["姓名", "名字", "学生姓名", "name", "student name", "full name"],
            "coursework": ["课程成绩", "平时成绩", "coursework", "coursework grade"],
            "graduation": ["毕业成绩", "毕业考核成绩", "graduation", "graduation grade"],
            "given_on": ["成绩日期", "given on", "date of the grade", "date"],
        },
        required=("school", "code"),
        days={"given_on"},
    )
    template = {
        "zh": ["院校代码", "学号", "姓名", "课程成绩", "毕业成绩", "成绩日期"],
        "en": ["school code", "student code", "name", "coursework", "graduation", "given on"],
    }

    def plan(self, rows):
        known = self.students_of(rows)
        latest = grades_of([one.pk for one in known.values()])
        for row in rows:
            school, code = self.school_of(row), row.values.get("code", "")
            scores = {kind: self._score(row, kind) for kind in KINDS}
            if row.says("given_on") and row.values["given_on"] > timezone.localdate(self.at):
                row.refuse("given_on", _("A grade can't be given on a day to come."))
            if school is None or not code:
                continue
            self.once(row, (school.pk, code.upper()), "code", self.twice())
            row.record = student = known.get((school.pk, code.upper()))
            if student is None:
                row.refuse("code", self._why_not_student(code, school, known))
                continue
            self._check_student(row, student)
            self._plan(row, student, scores, latest.get(student.pk, {}))

    @staticmethod
    def _why_not_student(code, school, known):
        elsewhere = next((student.school for (_school, upper), student in known.items() if upper == code.upper()), None)
        if elsewhere:
            words = _("The student code %(code)s is of %(other)s, not of %(school)s. Correct the school's code, or leave the row out.")
            return words % {"code": code, "other": elsewhere.name, "school": school.name}
        words = _("%(school)s has no student with the code %(code)s on record. Import the students first, or look at the school's code.")
        return words % {"school": school.name, "code": code}

    def _check_student(self, row, student):
        if not may_keep_student(self.by, student):
            row.refuse("code", whose_student())
        elif row.says("name") and "".join(row.values["name"].split()) != "".join(student.person.name.split()):
            words = _("This student code is %(name)s's on record. Correct the row, or the name on the student's page.")
            row.refuse("name", words % {"name": student.person.name})

    @staticmethod
    def _score(row, kind):
        """None where the cell is empty."""
        text = row.values.get(kind, "")
        if not text:
            return None
        try:
            score = Decimal(text) if SCORE.fullmatch(text) else None
        except InvalidOperation:
            score = None
        if score is None or not 0 <= score <= 100:
            row.refuse(kind, _("“%(value)s” is not a grade: a number from 0 to 100, with at most two decimals.") % {"value": text})
            return None
        return score

    def _plan(self, row, student, scores, latest):
        """What differs from the grade that holds is added; the same again changes nothing."""
        given_on = row.values.get("given_on")
        for kind, score in scores.items():
            held = latest.get(kind)
            if score is None or (held and held.score == score):
                continue
            row.changes[kind] = [_plain(held.score) if held else "", _plain(score)]
            row.does.append(partial(_call, record_grade, student=student, kind=kind, score=score, given_on=given_on))
        if row.kind != "refused" and row.does:
            row.kind = "changed" if latest else "created"


def _plain(score):
    return f"{score.normalize():f}"


def _call(action, by, at, **values):
    return action(by=by, at=at, **values)


def import_grades(content, name, **options):
    return GradeImporter.run(content, name, **options)
