"""Who sees which interns, and who places them: HR the dealer's or the group's, supervisors and managers the dealer's, a mentor those with a
rotation of theirs, a coordinator those of the own school, everyone themselves."""

from django.db.models import Q
from django.utils import timezone

from lms.people.permissions import dealer_scope, employee_of, is_self, is_technical, may_sign
from talent_pool.interns.models import Rotation
from talent_pool.schools.models import Contact

VIEW, MANAGE, STATIONS, LOG = "interns.view_interns", "interns.manage_interns", "interns.manage_stations", "interns.keep_log"
COORDINATE = "schools.coordinate_students"
NOTHING = Q(pk__in=[])


def batches_scope(user):
    """A condition on batches: those of the dealers that `user` reads of, and of the school that they coordinate for."""
    found = dealer_scope(user) if user.has_perm(VIEW) else NOTHING
    return found | _of_own_school(user, "school") if user.has_perm(COORDINATE) else found


def placements_scope(user):
    """A condition on placements that `user` may open."""
    employee = employee_of(user)
    found = dealer_scope(user, "batch__dealer") if user.has_perm(VIEW) else NOTHING
    if employee is None or not user.is_active:
        return found
    mentored = Rotation.objects.filter(mentor=employee).values("placement")
    found |= Q(person=employee) | Q(pk__in=mentored)
    return found | _of_own_school(user, "batch__school") if user.has_perm(COORDINATE) else found


def _of_own_school(user, path):
    employee = employee_of(user)
    if employee is None or not user.is_active:
        return NOTHING
    contacts = Contact.objects.filter(Q(ended_on=None) | Q(ended_on__gte=timezone.localdate()), person=employee)
    return Q(**{f"{path}__in": contacts.values("school")})


def may_place(by, dealer):
    """Places interns at the dealer: its HR, or group HR. None is the system itself: the demo."""
    if by is None:
        return True
    if not (may_sign(by) and by.has_perm(MANAGE)):
        return False
    employee = employee_of(by)
    return employee.dealer_id == dealer.pk or (by.has_perm("people.view_group_people") and employee.group_id == dealer.group_id)


def may_change(by, placement):
    """Changes this placement: whoever places interns at its dealer, never the own one."""
    return may_place(by, placement.batch.dealer) and not is_self(by, placement.person)


def sees_terms(user, placement):
    """Reads what is paid, and the papers themselves: HR, and the person it is about. School, mentor and supervisors read neither."""
    return is_self(user, placement.person) or (not is_technical(user) and may_place(user, placement.batch.dealer))


def may_keep_stations(by, dealer):
    """Keeps the stations of the dealer: its supervisors and service manager, its HR, or group HR. None is the system itself: the demo."""
    if by is None:
        return True
    if not (may_sign(by) and by.has_perm(STATIONS)):
        return False
    employee = employee_of(by)
    return employee.dealer_id == dealer.pk or (by.has_perm("people.view_group_people") and employee.group_id == dealer.group_id)


def may_rotate(by, placement):
    """Says who is at which station with whom: whoever keeps the stations, never of the own placement."""
    return may_keep_stations(by, placement.batch.dealer) and not is_self(by, placement.person)


def stations_scope(user):
    """A condition on stations that `user` sees: those of the dealers whose interns they see."""
    return dealer_scope(user) if user.has_perm(VIEW) or user.has_perm(STATIONS) else NOTHING


def may_keep_log(by, placement):
    """Writes the weekly log: the intern alone."""
    return by is not None and by.is_active and by.has_perm(LOG) and is_self(by, placement.person)


def may_note(by, placement):
    """Notes an incident or a visit: HR and supervisors of the dealer, and mentors of the intern; nobody about themselves."""
    if not may_sign(by) or is_self(by, placement.person):
        return False
    is_mentor = any(one.mentor_id == employee_of(by).pk for one in placement.rotations.all())
    return is_mentor or may_keep_stations(by, placement.batch.dealer)


def may_evaluate(by, rotation, kind):
    """The mentor's evaluation: the mentor; the station's: whoever keeps the stations of the dealer and is not the mentor."""
    if not may_sign(by) or is_self(by, rotation.placement.person):
        return False
    is_mentor = rotation.mentor_id == employee_of(by).pk
    if kind == "mentor" or is_mentor:
        return kind == "mentor" and is_mentor
    return may_keep_stations(by, rotation.placement.batch.dealer)
