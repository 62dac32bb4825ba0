"""The school's table of students: who is new, what changes, and which row cannot be and why."""

import re
from functools import partial

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone

from lms.common.bilingual import gettext as _
from lms.common.tables import Heads
from lms.people.actions.details import correct_details
from lms.people.actions.rules import why_not_email
from lms.people.permissions import employee_of
from lms.people.queries import dealers_visible_to
from talent_pool.schools.actions.students import add_student, correct_student, move_student, whose_student, why_not_code, why_not_days
from talent_pool.schools.ages import erasable
from talent_pool.schools.importers.base import Importer
from talent_pool.schools.permissions import may_keep_at, may_keep_student
from talent_pool.schools.queries.visible import classes_visible_to

PHONE = re.compile(r"[0-9+() /-]{3,20}")
SAID = ("major", "entered_on", "graduates_on")
NEW = ("code", "name", *SAID, "born_on", "email", "phone")


class StudentImporter(Importer):
    heads = Heads(
        {
            "school": ["院校代码", "院校编码", "院校", "学校代码", "学校", "school code", "school"],
            "code": ["学号", "学生编号", "student code", "student number", "student id", "code"],
            "name": ["姓名", "名字", "学生姓名", "name", "student name", "full name"],
            "class": ["班级代码", "班级编码", "班级", "定向班", "class code", "class"],
            "major": ["专业", "major"],
            "entered_on": ["入学日期", "入学时间", "入学日", "began school on", "began on", "entered on"],
            "graduates_on": ["毕业日期", "毕业时间", "预计毕业日期", "graduates on", "graduation date"],
            "born_on": ["出生日期", "出生年月日", "生日", "date of birth", "born on", "birth date"],
            "dealer": ["门店代码", "门店编码", "门店", "dealer code", "dealer"],
            "email": ["邮箱", "电子邮箱", "email", "e-mail"],
            "phone": ["电话", "手机", "手机号", "phone", "mobile"],
        },
        required=("school", "code", "name", "entered_on"),
        days={"entered_on", "graduates_on", "born_on"},
    )
    template = {
        "zh": ["院校代码", "学号", "姓名", "班级代码", "专业", "入学日期", "毕业日期", "出生日期", "门店代码", "邮箱", "电话"],
        "en": [
            "school code", "student code", "name", "class code", "major", "began school on", "graduates on", "date of birth",
            "dealer code", "email", "phone",
        ],
    }  # fmt: skip
    verbatim = ("name", "major", "class")

    def __init__(self, by, at):
        super().__init__(by, at)
        self.on = timezone.localdate(at)
        self.dealers = {dealer.code.upper(): dealer for dealer in dealers_visible_to(by)}
        self.classes = {}
        for one in classes_visible_to(by):
            for name in {one.code.upper(), one.name.upper()}:
                self.classes.setdefault((one.agreement.school_id, name), []).append(one)

    def plan(self, rows):
        known = self.students_of(rows)
        for row in rows:
            self._check_text(row)
            school = self.school_of(row)
            if school is None:
                continue
            code = row.values.get("code", "")
            if code:
                self.once(row, (school.pk, code.upper()), "code", self.twice())
            if row.says("email"):
                words = _("Row %(row)d has the same e-mail address; each person needs an own one, or none.")
                self.once(row, row.values["email"].lower(), "email", words)
            row.record = known.get((school.pk, code.upper()))
            targeted_class = self._class_of(row, school)
            if row.record:
                self._plan_known(row, row.record, targeted_class)
            else:
                self._plan_new(row, school, targeted_class)

    def _check_text(self, row):
        values = row.values
        if row.says("code") and (reason := why_not_code(values["code"])):
            row.refuse("code", reason)
        for name, most in (("name", 60), ("major", 60)):
            if len(values.get(name, "")) > most:
                row.refuse(name, _("There is room for %(most)d characters here.") % {"most": most})
        if row.says("phone") and not PHONE.fullmatch(values["phone"]):
            row.refuse("phone", _("“%(value)s” is not a phone number: digits, spaces, “+”, “-”, at most 20.") % {"value": values["phone"]})
        if row.says("email") and not _is_email(values["email"]):
            row.refuse("email", _("“%(value)s” is not an e-mail address.") % {"value": values["email"]})

    def _class_of(self, row, school):
        name = row.values.get("class", "")
        found = self.classes.get((school.pk, name.upper()), [])
        if name and not found:
            words = _("%(school)s has no class “%(class)s” that you keep. Make the class first, or leave the cell empty.")
            row.refuse("class", words % {"class": name, "school": school.name})
        elif len(found) > 1:
            row.refuse("class", _("%(school)s has several classes “%(class)s”.") % {"class": name, "school": school.name})
        return found[0] if len(found) == 1 else None

    def _dealer_of(self, row, targeted_class):
        """The class's; without a class the one that is named, else the own."""
        code = row.values.get("dealer", "")
        named = self.dealers.get(code.upper())
        if code and not named:
            row.refuse("dealer", _("“%(code)s” is not the code of a dealer that you see.") % {"code": code})
        elif code and targeted_class and named.pk != targeted_class.agreement.dealer_id:
            row.refuse("dealer", _("The class belongs to %(dealer)s.") % {"dealer": targeted_class.agreement.dealer.name})
        if targeted_class:
            return targeted_class.agreement.dealer
        own = employee_of(self.by)
        return named or (own and own.dealer)

    def _plan_new(self, row, school, targeted_class):
        dealer, values = self._dealer_of(row, targeted_class), row.values
        if dealer is None or not may_keep_at(self.by, dealer):
            row.refuse("dealer", whose_student())
        if row.says("email") and (reason := why_not_email(values["email"])):
            row.refuse("email", reason)
        self._check_days(row, values.get("entered_on"), values.get("graduates_on"))
        if row.kind == "refused":
            return
        row.kind = "created"
        said = {name: values[name] for name in NEW if row.says(name)}
        row.changes = {name: ["", "given" if name == "born_on" else value] for name, value in said.items() if name not in ("name", "code")}
        if targeted_class:
            row.changes["class"] = ["", targeted_class.code]
        row.does = [partial(_call, add_student, school=school, targeted_class=targeted_class, dealer=dealer, **said)]

    def _check_days(self, row, entered_on, graduates_on):
        if entered_on:
            for name, reason in why_not_days(entered_on, graduates_on, row.values.get("born_on"), self.on):
                row.refuse(name, reason)

    def _plan_known(self, row, student, targeted_class):
        person, values = student.person, row.values
        if not may_keep_student(self.by, student):
            return row.refuse("code", whose_student())
        if not person.is_here:
            row.refuse("code", _("%(employee)s has left. Record the return first.") % {"employee": person.name})
        if row.says("name") and "".join(values["name"].split()) != "".join(person.name.split()):
            words = _("This student code is %(name)s's on record. Correct the row, or the name on the student's page.")
            row.refuse("name", words % {"name": person.name})
        self._check_days(row, values.get("entered_on"), values.get("graduates_on") or student.graduates_on)
        said = {name: values[name] for name in SAID if row.says(name) and values[name] != getattr(student, name)}
        row.changes = {name: [getattr(student, name) or "", value] for name, value in said.items()}
        if self._is_wanted(student, values.get("born_on")):
            said["born_on"], row.changes["born_on"] = values["born_on"], ["", "given"]
        steps = [partial(_call, correct_student, student=student, **said)] if said else []
        if targeted_class and targeted_class.pk != student.targeted_class_id:
            row.changes["class"] = [student.targeted_class.code if student.targeted_class else "", targeted_class.code]
            steps.append(partial(_call, move_student, student=student, targeted_class=targeted_class))
        self._plan_reached(row, person, steps)
        if row.kind != "refused":
            row.kind, row.does = "changed" if steps else "unchanged", steps
        return None

    def _is_wanted(self, student, born_on):
        """A date of birth that was erased comes back only where a rule would ask for it."""
        if born_on is None or born_on == student.born_on:
            return False
        return not (student.born_erased_at and erasable(born_on, self.on, is_asked=False, is_over=False))

    def _plan_reached(self, row, person, steps):
        said = {name: row.values[name] for name in ("email", "phone") if row.says(name)}
        reached = {name: value for name, value in said.items() if value.lower() != getattr(person, name).lower()}
        if "email" in reached and (reason := why_not_email(reached["email"], person.user)):
            row.refuse("email", reason)
        if reached:
            row.changes |= {name: [getattr(person, name), value] for name, value in reached.items()}
            steps.append(partial(_call, correct_details, employee=person, **reached))


def _call(action, by, at, **values):
    return action(by=by, at=at, **values)


def _is_email(text):
    try:
        validate_email(text)
    except ValidationError:
        return False
    return len(text) <= 254


def import_students(content, name, **options):
    return StudentImporter.run(content, name, **options)
