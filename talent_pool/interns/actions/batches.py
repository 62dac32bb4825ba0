"""A batch is made, students come into it and are taken out again before they start (C4)."""

from django.db import IntegrityError, transaction

from lms.audit.actions import event_of, record_event, record_events
from lms.common.bilingual import clauses, listed
from lms.common.bilingual import gettext as _
from lms.common.days import day
from lms.common.states import Refused, advance, require
from lms.people.models import Employee
from talent_pool.interns.actions.shared import let_go, recheck_placements
from talent_pool.interns.models import BEFORE, STANDING, Batch, Placement
from talent_pool.interns.permissions import may_change, may_place
from talent_pool.interns.queries.batches import placed_elsewhere, places_taken
from talent_pool.schools.models import Agreement

Stage = Placement.Stage


def placed_by_hr(dealer):
    return _("Interns of %(dealer)s are placed by its own HR and by group HR.") % {"dealer": dealer.name}


@transaction.atomic
def make_batch(*, dealer, school, name, starts_on, ends_on, by, at, agreement=None, targeted_class=None):
    """A batch of one school at one dealer. With an agreement, it is in force from the first day to the last."""
    require(may_place(by, dealer), placed_by_hr(dealer))
    name = name.strip()
    _check_term(name, starts_on, ends_on)
    _check_school(dealer, school, agreement, targeted_class)
    if agreement is not None:
        check_in_force(agreement, starts_on, ends_on)
    terms = {"agreement": agreement, "targeted_class": targeted_class, "starts_on": starts_on, "ends_on": ends_on}
    try:
        with transaction.atomic():
            batch = Batch.objects.create(dealer=dealer, school=school, name=name, **terms, made_at=at, made_by=by)
    except IntegrityError:
        raise Refused(_("There is a batch “%(name)s” here already. Give this one another name.") % {"name": name}, field="name") from None
    after = {"name": name, "school": school.pk, "agreement": agreement and agreement.number, "starts_on": starts_on, "ends_on": ends_on}
    record_event("interns.batch_made", target=batch, by=by, at=at, after=after)
    return batch


def _check_term(name, starts_on, ends_on):
    if not name:
        raise Refused(_("Give the batch a name: it is how its students and mentors find it."), field="name")
    if ends_on < starts_on:
        raise Refused(_("The last day lies before the first."), field="ends_on")


def _check_school(dealer, school, agreement, targeted_class):
    if school.group_id != dealer.group_id:
        raise Refused(_("%(school)s works with another dealer group.") % {"school": school.name}, field="school")
    if agreement is not None and (agreement.school_id, agreement.dealer_id) != (school.pk, dealer.pk):
        words = {"number": agreement.number, "school": school.name, "dealer": dealer.name}
        raise Refused(_("Agreement %(number)s is not one between %(school)s and %(dealer)s.") % words, field="agreement")
    if targeted_class is not None and targeted_class.agreement.school_id != school.pk:
        words = {"name": targeted_class.name, "school": school.name}
        raise Refused(_("%(name)s is not a class of %(school)s.") % words, field="targeted_class")


def check_in_force(agreement, starts_on, ends_on):
    """Of a batch, and of whoever in it is here longer or at other times than the others."""
    if agreement.starts_on <= starts_on and ends_on <= agreement.last_day:
        return
    words = {"number": agreement.number, "from": day(agreement.starts_on), "until": day(agreement.last_day)}
    sentence = _(
        "Agreement %(number)s is in force from %(from)s to %(until)s only. "
        "Keep the batch and its students within it, or have the agreement renewed first."
    )
    raise Refused(sentence % words, field="agreement")


@transaction.atomic
def add_students(*, batch, students, by, at):
    """Students (their records at the school) come into a batch, all or none: within the quota of the year, and nobody at two at once."""
    require(may_place(by, batch.dealer), placed_by_hr(batch.dealer))
    people = _held(students)
    _check_dealers(people, by)
    _check_students(batch, students)
    _check_quota(batch, len(people))
    term = {"starts_on": batch.starts_on, "ends_on": batch.ends_on}
    refuse_elsewhere(placed_elsewhere([one.pk for one in people], **term).values())
    _take_up_again(batch, people, term)
    again = set(batch.placements.filter(person__in=people).values_list("person", flat=True))
    Placement.objects.bulk_create(Placement(batch=batch, person=one, **term) for one in people if one.pk not in again)
    made = list(batch.placements.filter(person__in=people).select_related("person", "batch__dealer"))
    record_events([event_of("interns.added", target=one, by=by, at=at, after={"batch": batch.name, **term}) for one in made])
    recheck_placements(made)
    return made


def _held(students):
    """The people, held: two officers could place the same student at two dealers at this moment."""
    if not students:
        raise Refused(_("Tick the students who come into the batch."))
    wanted = [student.person_id for student in students]
    found = Employee.objects.select_for_update(no_key=True, of=("self",)).select_related("dealer")
    return list(found.filter(pk__in=wanted).order_by("pk"))


def _check_dealers(people, by):
    """Nobody draws students of another dealer to their own: whoever adds them looks after them there too, and can start them."""
    others = [one for one in people if not may_place(by, one.dealer)]
    words = _("Students of another dealer, whom group HR alone places here: %(names)s.")
    require(not others, words % {"names": listed(one.name for one in others)})


def _check_students(batch, students):
    strangers = [one.person for one in students if one.school_id != batch.school_id]
    if strangers:
        words = {"names": listed(one.name for one in strangers), "school": batch.school.name}
        raise Refused(_("Not students of %(school)s: %(names)s.") % words)
    gone = [one.person for one in students if not one.person.is_here or one.person.kind not in ("student", "intern")]
    if gone:
        raise Refused(_("No longer students, or gone: %(names)s.") % {"names": listed(one.name for one in gone)})


def _check_quota(batch, more):
    """The agreement is held: of two batches that want its last place one is told."""
    if batch.agreement_id is None:
        return
    agreement = Agreement.objects.select_for_update(no_key=True).get(pk=batch.agreement_id)
    year = batch.starts_on.year
    left = agreement.quota - places_taken(agreement, year)
    if more > left:
        words = {"number": agreement.number, "quota": agreement.quota, "year": year, "left": max(0, left), "wanted": more}
        raise Refused(
            _(
                "Agreement %(number)s has %(quota)s places in %(year)s, %(left)s of them are free, and this would take %(wanted)s. "
                "Choose fewer students, or agree on more places with the school."
            )
            % words
        )


def refuse_elsewhere(placements):
    """Nobody is placed twice on a day."""
    found = list(placements)
    if not found:
        return
    words = _("%(name)s: %(batch)s at %(dealer)s, %(from)s to %(until)s")
    said = [
        words
        % {
            "name": one.person.name, "batch": one.batch.name, "dealer": one.batch.dealer.name,
            "from": day(one.starts_on), "until": day(one.last_day),
        }
        for one in found
    ]  # fmt: skip
    raise Refused(
        _("A student is in one place at a time. Placed on these days already: %(list)s. End that placement first.")
        % {"list": clauses(said)}
    )


def _take_up_again(batch, people, term):
    """Whoever was taken out before comes back to where the terms begin."""
    out = Placement.objects.filter(batch=batch, person__in=people, stage=Stage.ENDED, started_at=None)
    out.update(stage=Stage.APPLIED, ended_on=None, ended_reason="", **term)


@transaction.atomic
def take_out(*, placement, reason, by, at):
    """A student does not come after all. What was recorded stays on record; the place is free again."""
    require(may_change(by, placement), placed_by_hr(placement.batch.dealer))
    reason = reason.strip()
    if not reason:
        raise Refused(_("Say why: the reason stays on record."), field="reason")
    before = {"stage": placement.stage}
    advance(placement, start=BEFORE, end=Stage.ENDED, field="stage")
    record_event("interns.taken_out", target=placement, by=by, at=at, before=before, after={"stage": Stage.ENDED, "reason": reason[:200]})
    # Who came from another dealer, and was to go on here, has no internship any more. Theirs is that dealer's record: the system writes.
    let_go(placement=placement, reason=reason[:200], by=None, at=at, unless=STANDING)
    recheck_placements([placement])
