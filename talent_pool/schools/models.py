"""Vocational schools, what is agreed with them, and those who learn there (C3)."""

from decimal import Decimal

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.catalogue.models import CoursePage
from lms.common.bilingual import Bilingual
from lms.people.models import Dealer, DealerGroup, Employee
from talent_pool.schools.terms import state_on


class School(Bilingual, models.Model):
    """A vocational school with which dealers of a group work."""

    group = models.ForeignKey(DealerGroup, verbose_name=_("dealer group"), on_delete=models.PROTECT, related_name="schools")
    code = models.CharField(_("code"), max_length=20)
    name_zh = models.CharField(_("name in Chinese"), max_length=80)
    name_en = models.CharField(_("name in English"), max_length=80, blank=True)
    city = models.CharField(_("city"), max_length=40, blank=True)

    class Meta:
        verbose_name = _("school")
        verbose_name_plural = _("schools")
        ordering = ["code"]
        permissions = [
            ("view_schools", "Sees schools, agreements, classes and students of the own dealer"),
            ("manage_schools", "Keeps schools, agreements, classes and students of the own dealer"),
            ("coordinate_students", "Sees the students of the own school, and nobody else"),
        ]
        constraints = [models.UniqueConstraint(fields=["group", "code"], name="%(app_label)s_%(class)s_code_is_unique_in_group")]


class Contact(models.Model):
    """Whom to call at a school. A school coordinator has a record of a person too, and signs in."""

    school = models.ForeignKey(School, verbose_name=_("school"), on_delete=models.PROTECT, related_name="contacts")
    person = models.OneToOneField(
        Employee, verbose_name=_("signs in as"), null=True, blank=True, on_delete=models.PROTECT, related_name="school_contact"
    )
    name = models.CharField(_("name"), max_length=60)
    duty = models.CharField(_("what for"), max_length=60, blank=True)
    phone = models.CharField(_("phone"), max_length=20, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    ended_on = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        ordering = ["name", "pk"]

    def __str__(self):
        return self.name

    @property
    def is_here(self):
        """Whether they are still whom to call; the last day counts."""
        return self.ended_on is None or self.ended_on >= timezone.localdate()


class Agreement(models.Model):
    """A targeted-training agreement (定向培养协议) between a dealer and a school, from its first day to its last.

    `weights` are those of the ranking, percent, and make 100. One that is renewed stays, and the new one names it.
    """

    school = models.ForeignKey(School, verbose_name=_("school"), on_delete=models.PROTECT, related_name="agreements")
    dealer = models.ForeignKey(Dealer, verbose_name=_("dealer"), on_delete=models.PROTECT, related_name="agreements")
    number = models.CharField(_("number"), max_length=40)
    signed_on = models.DateField(_("signed on"))
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"))
    quota = models.PositiveSmallIntegerField(_("places a year"))
    majors = models.JSONField(_("majors"), default=list, blank=True)
    weight_internship = models.PositiveSmallIntegerField(_("weight of the internship, %"))
    weight_coursework = models.PositiveSmallIntegerField(_("weight of coursework, %"))
    weight_graduation = models.PositiveSmallIntegerField(_("weight of graduation, %"))
    file = models.FileField(_("file"), upload_to="agreements", blank=True)
    renews = models.OneToOneField("self", verbose_name=_("renews"), null=True, blank=True, on_delete=models.PROTECT, related_name="renewal")
    ended_on = models.DateField(_("ended early on"), null=True, blank=True)
    ended_reason = models.CharField(_("why it ended early"), max_length=200, blank=True)
    made_at = models.DateTimeField(_("recorded"))
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("training agreement")
        verbose_name_plural = _("training agreements")
        ordering = ["-starts_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["dealer", "number"], name="%(app_label)s_%(class)s_number_is_unique_at_dealer"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="%(app_label)s_%(class)s_ends_after_it_starts"),
            models.CheckConstraint(
                condition=Q(weight_internship=100 - F("weight_coursework") - F("weight_graduation")),
                name="%(app_label)s_%(class)s_weights_make_100",
            ),
            models.CheckConstraint(
                condition=Q(ended_on=None, ended_reason="") | Q(ended_on__gte=F("starts_on"), ended_on__lte=F("ends_on")),
                name="%(app_label)s_%(class)s_ends_early_within_its_term",
            ),
        ]
        indexes = [models.Index(fields=["dealer", "ends_on"], name="schools_agreement_by_end")]

    def __str__(self):
        return self.number

    @property
    def last_day(self):
        return self.ended_on or self.ends_on

    def state_on(self, on):
        return state_on(on, self.starts_on, self.ends_on, self.ended_on)

    @property
    def weights(self):
        """{part: percent}, in the order of the formula."""
        return {"internship": self.weight_internship, "coursework": self.weight_coursework, "graduation": self.weight_graduation}


class Duty(models.Model):
    """What one of the two sides owes under an agreement, and by when."""

    class Side(models.TextChoices):
        DEALER = "dealer", _("Dealer")
        SCHOOL = "school", _("School")

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="duties")
    side = models.CharField(_("who owes it"), max_length=8, choices=Side)
    words = models.CharField(_("what"), max_length=200)
    due_on = models.DateField(_("due on"), null=True, blank=True)
    done_on = models.DateField(_("done on"), null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("obligation")
        verbose_name_plural = _("obligations")
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(done_at__isnull=True, done_by__isnull=True, done_on=None)
                | Q(done_at__isnull=False, done_by__isnull=False, done_on__isnull=False),
                name="%(app_label)s_%(class)s_done_has_time_and_person",
            ),
        ]

    def __str__(self):
        return self.words


class TargetedClass(models.Model):
    """A targeted class (定向班) of an agreement: those who follow the brand's courses here while they are at school."""

    agreement = models.ForeignKey(Agreement, verbose_name=_("agreement"), on_delete=models.PROTECT, related_name="classes")
    code = models.CharField(_("code"), max_length=30)
    name = models.CharField(_("name"), max_length=80)
    major = models.CharField(_("major"), max_length=60, blank=True)
    entered_on = models.DateField(_("began school on"))
    graduates_on = models.DateField(_("graduates on"))

    class Meta:
        verbose_name = _("targeted class")
        verbose_name_plural = _("targeted classes")
        ordering = ["-entered_on", "code"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "code"], name="%(app_label)s_%(class)s_code_is_unique_in_agreement"),
            models.CheckConstraint(condition=Q(graduates_on__gt=F("entered_on")), name="%(app_label)s_%(class)s_graduates_after_it_began"),
        ]

    def __str__(self):
        return self.name


class ClassCourse(models.Model):
    """A course that a class follows; whoever is in the class is enrolled, whoever joins later too."""

    targeted_class = models.ForeignKey(TargetedClass, on_delete=models.PROTECT, related_name="courses")
    course = models.ForeignKey(CoursePage, on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField(_("due on"), null=True, blank=True)
    set_at = models.DateTimeField(_("set"))
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("course of a class")
        verbose_name_plural = _("courses of a class")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["targeted_class", "course"], name="%(app_label)s_%(class)s_is_set_once")]

    def __str__(self):
        return f"{self.targeted_class} · {self.course}"


class Student(models.Model):
    """What the school says of someone who learns there. The person's own record is theirs for good: as an intern and as staff too.

    `born_on` is held for the age checks alone, and erased once none asks for it any more.
    """

    person = models.OneToOneField(Employee, verbose_name=_("person"), on_delete=models.PROTECT, related_name="student")
    school = models.ForeignKey(School, verbose_name=_("school"), on_delete=models.PROTECT, related_name="students")
    code = models.CharField(_("student code"), max_length=20)
    targeted_class = models.ForeignKey(
        TargetedClass, verbose_name=_("targeted class"), null=True, blank=True, on_delete=models.PROTECT, related_name="students"
    )
    major = models.CharField(_("major"), max_length=60, blank=True)
    entered_on = models.DateField(_("began school on"))
    graduates_on = models.DateField(_("graduates on"), null=True, blank=True)
    born_on = models.DateField(_("date of birth"), null=True, blank=True)
    born_erased_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("student")
        verbose_name_plural = _("students")
        ordering = ["school__code", "code"]
        constraints = [
            models.UniqueConstraint("school", Upper("code"), name="%(app_label)s_%(class)s_code_is_unique_in_any_case"),
            models.CheckConstraint(
                condition=Q(born_erased_at=None) | Q(born_on=None), name="%(app_label)s_%(class)s_birth_date_is_there_or_erased"
            ),
        ]

    def __str__(self):
        return self.code

    def school_year(self, on):
        """In which year at school they are on that day: 1 is the first."""
        return max(1, (on - self.entered_on).days // 365 + 1)


class Grade(models.Model):
    """A grade that the school gave, 0–100. Only ever added to; the latest of a kind holds."""

    class Kind(models.TextChoices):
        COURSEWORK = "coursework", _("Coursework")
        GRADUATION = "graduation", _("Graduation")

    student = models.ForeignKey(Student, on_delete=models.PROTECT, related_name="grades")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    score = models.DecimalField(
        _("score, 0-100"), max_digits=5, decimal_places=2, validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(100))]
    )
    given_on = models.DateField(_("given on"), null=True, blank=True)
    recorded_at = models.DateTimeField(_("recorded"))
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("grade of a student")
        verbose_name_plural = _("grades of students")
        ordering = ["-recorded_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(score__gte=0, score__lte=100), name="%(app_label)s_%(class)s_score_is_0_to_100"),
        ]
        indexes = [models.Index(fields=["student", "kind", "-recorded_at"], name="schools_grade_latest")]

    def __str__(self):
        return f"{self.student} {self.get_kind_display()} {self.score}"
