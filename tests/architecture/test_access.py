"""Who may open what: every address × every persona × records of the own dealer and of another one.

“ours” are records at the persona's dealer that belong to `owner` (for everyone but the owner: a colleague's or a team member's),
“theirs” the same at another dealer. A new page fails here until it is given its line.
"""

import pytest
from django.core.files.base import ContentFile
from django.db import transaction
from django.urls import get_resolver, reverse

from lms.audit.models import Event
from tests.architecture.access import PERSONAS, TWO_ROLES, build_house
from tests.architecture.test_urls import PUBLIC, walk
from tests.each import each

TRIES = ["owner", *PERSONAS]
EVERYONE = set(TRIES)
LEARNERS = {"student", "intern"}
STAFF = EVERYONE - {"examiner", "stranger", "author", "coordinator"} - LEARNERS  # whoever works at a dealer
ATTENDERS = STAFF | {"intern"}  # whoever attends training
READERS = STAFF | LEARNERS | {"author"}  # whoever takes courses
LEADERS = {"supervisor", "manager", "gm", "hr", "group_hr", "watcher"}
CYCLE_READERS = LEADERS - {"watcher"}
ORGANISERS = {"supervisor", "manager"}
INTERN_READERS = LEADERS - {"watcher"}
HR = {"hr", "group_hr"}
WORKSHOP = ORGANISERS | HR  # who keeps stations, and says who is at which
PANEL = {"manager", "gm", "examiner"}
SELECTION = HR | {"gm", "manager"}
SCHOOL_READERS = HR | {"manager", "gm"}  # of schools, agreements, classes and students
COORDINATOR = {"coordinator"}
OWNER, GROUP, NOBODY = {"owner"}, {"group_hr"}, set()
BOOK_READERS = OWNER | {"mentor"} | CYCLE_READERS
# A list of one's own, or of what one may see: there is no “theirs” to ask for.
SAME = None

# name: (which record, or None; who may with ours; who may with theirs)
TABLE = {
    "account": (None, EVERYONE, SAME),
    "account_reauthenticate": (None, EVERYONE, SAME),
    "audit": (None, HR, SAME),
    "audit_mine": (None, EVERYONE, SAME),
    "band_table_new": (None, HR, SAME),
    "bands": (None, HR, SAME),
    "candidacy_waive": ("candidacy", HR, GROUP),
    "catalogue": (None, READERS, SAME),
    "certificate": ("certificate", OWNER | LEADERS, GROUP),
    "certificate_pdf": ("certificate", OWNER | LEADERS, GROUP),
    "certificate_revoke": ("certificate", HR, GROUP),
    "certificates": (None, STAFF, SAME),
    "certificates_mine": (None, STAFF, SAME),
    "check_in": ("token", ATTENDERS, SAME),
    "coming": (None, EVERYONE, SAME),
    "course": ("course", READERS, SAME),
    "course_assign": ("course", CYCLE_READERS, SAME),
    "course_join": ("course", READERS, SAME),
    "cycle": ("cycle", CYCLE_READERS, GROUP),
    "cycle_candidates": ("cycle", CYCLE_READERS, GROUP),
    "cycle_eligibility": ("cycle", HR, GROUP),
    "cycle_new": (None, HR, SAME),
    "cycle_panel": ("cycle", HR, GROUP),
    "cycle_publish": ("cycle", CYCLE_READERS, GROUP),
    "cycle_return": ("cycle", HR, GROUP),
    "cycle_sign": ("cycle", PANEL, NOBODY),
    "cycle_sitting": ("level", HR, GROUP),
    "cycle_step": ("cycle", HR, GROUP),
    "cycles": (None, CYCLE_READERS, SAME),
    "exam": ("attempt", OWNER, NOBODY),
    "exam_event": ("attempt", OWNER, NOBODY),
    "exam_late": ("attempt", OWNER, NOBODY),
    "exam_result": ("attempt", OWNER | HR, GROUP),
    "exam_save": ("attempt", OWNER, NOBODY),
    "exam_start": ("paper", OWNER, NOBODY),
    "exam_submit": ("attempt", OWNER, NOBODY),
    "growth": (None, STAFF, SAME),
    "intern_batch": ("batch", INTERN_READERS, GROUP),
    "intern_batch_new": (None, HR, SAME),
    "intern_batch_papers": ("batch", HR, GROUP),
    "intern_batch_start": ("batch", HR, GROUP),
    "intern_batch_students": ("batch", HR, GROUP),
    "intern_batch_terms": ("batch", HR, GROUP),
    "intern_batches": (None, INTERN_READERS | COORDINATOR, SAME),
    "intern_board": (None, INTERN_READERS | COORDINATOR, SAME),
    "job": ("job", {"hr"}, NOBODY),
    "job_cancel": ("job", {"hr"}, NOBODY),
    "job_file": ("job", NOBODY, NOBODY),  # this job has no file
    "coming_change_withdraw": ("coming_change", HR, GROUP),
    "labour_findings": (None, HR, SAME),
    "labour_rule": ("rule", HR, HR),  # one for the group
    "labour_rules": (None, HR, SAME),
    "labour_threshold_new": ("rule", GROUP, GROUP),
    "labour_wage": ("dealer", HR, GROUP),
    "labour_wages": (None, HR, SAME),
    "leave_withdraw": ("leave", HR, GROUP),
    "lesson": ("lesson", READERS, SAME),
    "lecture_new": ("lectures", {"manager"}, NOBODY),
    "lesson_check": ("lesson_check", NOBODY, NOBODY),  # this lesson has no questions
    "lesson_check_result": ("check", OWNER, NOBODY),
    "marking_queue": (None, PANEL | {"stranger"}, SAME),
    # Of one's own second factor; without one, there is nothing to look at or to remove.
    "mfa_activate_totp": (None, EVERYONE, SAME),
    "mfa_add_webauthn": (None, NOBODY, SAME),  # there are no passkeys over plain HTTP
    "mfa_deactivate_totp": (None, NOBODY, SAME),
    "mfa_edit_webauthn": ("owner", EVERYONE, SAME),  # asks for the password first
    "mfa_generate_recovery_codes": (None, EVERYONE, SAME),
    "mfa_index": (None, EVERYONE, SAME),
    "mfa_list_webauthn": (None, EVERYONE, SAME),
    "mfa_reauthenticate": (None, EVERYONE, SAME),
    "mfa_reauthenticate_webauthn": (None, EVERYONE, SAME),
    "mfa_remove_webauthn": ("owner", EVERYONE, SAME),
    "mfa_view_recovery_codes": (None, NOBODY, SAME),
    "mentees": (None, {"mentor"}, SAME),
    "mentor": ("mentorship", CYCLE_READERS, GROUP),
    "mentor_end": ("mentorship", HR, GROUP),
    "mentor_load": ("mentorship", HR, GROUP),
    "mentor_new": (None, HR, SAME),
    "mentors": (None, CYCLE_READERS, SAME),
    "mend": ("mend", HR | {"author"}, GROUP | {"author"}),
    "mend_confirm": ("mend", {"group_hr"}, GROUP),  # the dealer's HR proposed it
    "mend_new": ("version", HR | {"author"}, GROUP | {"author"}),
    "mend_withdraw": ("mend", HR, GROUP),
    "my_exams": (None, STAFF, SAME),
    "my_sessions": (None, EVERYONE, SAME),
    "my_internship": (None, {"intern"}, SAME),
    "my_pay": (None, STAFF, SAME),
    "my_pay_looks": (None, STAFF, SAME),
    "notice": ("notice", OWNER, NOBODY),
    "notices": (None, EVERYONE, SAME),
    "notices_read": (None, EVERYONE, SAME),
    "oem_certificate_new": (None, HR, SAME),
    "oem_certificates": (None, LEADERS, SAME),
    "certified_staff": (None, LEADERS, SAME),
    "oem_evidence": ("oem", OWNER | LEADERS, GROUP),
    "paper_extra_time": ("paper", HR, GROUP),
    "paper_void": ("paper", HR, GROUP),
    "original_picture": ("csv", NOBODY, NOBODY),  # there is no such picture; tests/courses/catalogue/test_pictures.py has some
    "pay_after_move": ("owner", HR, GROUP),
    "pay_change_reject": ("pay_change", HR, GROUP),
    "pay_changes": (None, HR | {"gm"}, SAME),
    "pay_changes_sign": (None, HR | {"gm"}, SAME),
    "payroll_export": ("export", HR, GROUP),
    "payroll_export_new": (None, HR, SAME),
    "people": (None, LEADERS, SAME),
    "people_import": (None, HR, SAME),
    "people_import_apply": ("job", NOBODY, NOBODY),  # this import is not through yet
    "people_import_result": ("job", NOBODY, NOBODY),
    "people_import_template": ("csv", HR, SAME),
    "person": ("owner", OWNER | LEADERS, GROUP),
    "person_levels": ("owner", CYCLE_READERS, GROUP),
    "person_act": ("transfer", HR, GROUP),
    "person_enrolment_code": ("owner", HR | {"gm"}, GROUP),
    "person_first_password": ("owner", HR, GROUP),
    "person_second_factor_reset": ("owner", HR, GROUP),
    "person_new": (None, HR, SAME),
    "person_pay": ("owner", HR, GROUP),
    "person_pay_looks": ("owner", HR, GROUP),
    "picture": ("csv", NOBODY, NOBODY),
    "placement": ("placement", INTERN_READERS, GROUP),
    "placement_act": ("placement_act", HR, GROUP),
    "placement_finish": ("placement", HR, GROUP),
    "placement_paper_file": ("intern_paper", HR, GROUP),
    "placement_paper_new": ("placement", HR, GROUP),
    "placement_paper_withdraw": ("intern_paper", HR, GROUP),
    "placement_start": ("placement", HR, GROUP),
    "placement_terms": ("placement", HR, GROUP),
    "placements": (None, INTERN_READERS | COORDINATOR, SAME),
    "plan_quarter": (None, ORGANISERS, SAME),
    "practical": ("practical", NOBODY, NOBODY),  # its scores are published: nobody scores it any more
    "practical_total": ("practical", NOBODY, NOBODY),
    "programme_audience": ("programme", ORGANISERS, NOBODY),
    "programme_check_in": ("programme", ORGANISERS, NOBODY),
    "programme_hands": ("programme", ORGANISERS, NOBODY),
    "programme_new": (None, ORGANISERS | {"gm", "hr"}, SAME),
    "proposal": ("proposal", HR, GROUP),
    "proposal_confirm": ("proposal", GROUP, GROUP),  # HR of the dealer proposed it
    "proposal_decline": ("proposal", HR, GROUP),
    "proposal_take_up": ("proposal", HR, GROUP),
    "proposals": (None, HR | {"gm"}, SAME),
    "question_mends": ("question", HR | {"author"}, GROUP | {"author"}),
    "reflection": ("reflection", OWNER | ORGANISERS, NOBODY),  # it is handed in: the organisers read it
    "reflection_draft": ("reflection", OWNER, NOBODY),
    "reflection_score": ("reflection", ORGANISERS, NOBODY),
    "second_factor": (None, EVERYONE, SAME),
    "seat_again": ("seat", HR, GROUP),
    "seat_confirm": ("seat_change", {"group_hr"}, GROUP),  # the dealer's HR proposed it
    "seat_withdraw": ("seat_change", HR, GROUP),
    "rotation": ("rotation", WORKSHOP, GROUP),
    "rotation_drop": ("rotation", WORKSHOP, GROUP),
    "rotation_mentor": ("rotation", WORKSHOP, GROUP),
    "rotation_new": ("placement", WORKSHOP, GROUP),
    "rotation_transfer": ("rotation", WORKSHOP, GROUP),
    "rotations": ("batch", CYCLE_READERS, GROUP),
    "rotations_plan": ("batch", WORKSHOP, GROUP),
    "station": ("station", CYCLE_READERS, GROUP),
    "station_edit": ("station", WORKSHOP, GROUP),
    "station_new": (None, WORKSHOP, SAME),
    "station_weeks": (None, CYCLE_READERS, SAME),
    "stations": (None, CYCLE_READERS, SAME),
    "session": ("session", ATTENDERS, GROUP),
    "session_cancel": ("session", ORGANISERS, NOBODY),
    "session_close": ("session", ORGANISERS, NOBODY),
    "session_confirm": ("session", ORGANISERS, NOBODY),
    "session_correct": ("session", ORGANISERS, NOBODY),
    "session_end": ("owner", NOBODY, NOBODY),  # a number that is no session of theirs
    "session_file": ("session", NOBODY, NOBODY),  # this session has no file
    "session_material": ("session", OWNER | ORGANISERS, NOBODY),
    "session_guest": ("session", ORGANISERS, NOBODY),
    "session_move": ("session", ORGANISERS, NOBODY),
    "session_presenter": ("session", ORGANISERS, NOBODY),
    "session_roll": ("session", ORGANISERS, NOBODY),
    "session_room": ("session", ORGANISERS, NOBODY),
    "session_room_live": ("session", ORGANISERS, NOBODY),
    "session_start": ("session", ORGANISERS, NOBODY),
    "session_swap": ("session", ORGANISERS, NOBODY),
    "sessions_end_others": (None, EVERYONE, SAME),
    "sheets_excuse": ("seat", HR, GROUP),
    "sitting": ("sitting", HR, GROUP),
    "sitting_close": ("sitting", HR, GROUP),
    "sitting_draw": ("arranged", HR, GROUP),
    "sitting_move": ("arranged", HR, GROUP),
    "sitting_paper": ("paper", HR, GROUP),
    "sitting_questions": ("sitting", HR | {"author"}, GROUP | {"author"}),
    # The newcomer's own, the mentor's, and the dealer's for who leads there; what each may do with it the actions decide.
    "sign_off": ("sign", BOOK_READERS, GROUP),
    "sign_off_answer": ("sign", BOOK_READERS, GROUP),
    "sign_off_correct": ("sign", BOOK_READERS, GROUP),
    "task_book": ("book", BOOK_READERS, GROUP),
    "task_book_close": ("book", HR | ORGANISERS, GROUP),
    "task_book_hand_on": ("book", HR | ORGANISERS, GROUP),
    "task_book_new": ("owner", HR | ORGANISERS, GROUP),
    "task_books": (None, CYCLE_READERS, SAME),
    "task_sign": ("task", {"mentor"}, NOBODY),
    "today": (None, EVERYONE, SAME),
    "training": (None, ATTENDERS, SAME),
    "training_board": (None, LEADERS, SAME),
    "attendance_counted": (None, LEADERS, SAME),
    "sessions_to_come": (None, LEADERS, SAME),
    "reflections": (None, ORGANISERS, SAME),
    "weekly_logs": (None, INTERN_READERS | {"mentor"}, SAME),
    "my_logs": (None, {"intern"}, SAME),
    "weekly_log": ("week", INTERN_READERS, GROUP),
    "weekly_log_answer": ("week", INTERN_READERS, GROUP),
    "weekly_log_draft": ("week", NOBODY, NOBODY),  # the intern's alone
    "internship_decide": ("placement", HR, GROUP),
    "rotation_evaluate": ("rotation_of_station", ORGANISERS | HR, GROUP),
    "internship_record": ("placement", INTERN_READERS, GROUP),
    "internship_note": ("placement", ORGANISERS | HR, GROUP),
    "selection": (None, SELECTION, SAME),
    "batch_ranking": ("selected_batch", SELECTION, GROUP),
    "batch_rank": ("selected_batch", HR, GROUP),
    "tie_decide": ("tie", HR, GROUP),
    # A school is the group's: its dealers share it. Agreements, classes and students are a dealer's.
    "agreement": ("agreement", SCHOOL_READERS, GROUP),
    "agreement_end": ("agreement", HR, GROUP),
    "agreement_file": ("agreement_with_file", SCHOOL_READERS, GROUP),
    "agreement_new": ("school", HR, HR),
    "agreement_renew": ("agreement", HR, GROUP),
    "class_course_drop": ("class_course", HR, GROUP),
    "class_courses": ("targeted_class", HR, GROUP),
    "class_new": ("agreement", HR, GROUP),
    "contact_correct": ("contact", HR, HR),
    "contact_end": ("contact", HR, HR),
    "contact_let_in": ("other_contact", HR, HR),
    "contact_new": ("school", HR, HR),
    "contact_password": ("contact", HR, GROUP),
    "duty_done": ("duty", HR, GROUP),
    "duty_new": ("agreement", HR, GROUP),
    "my_students": (None, COORDINATOR, SAME),
    "school": ("school", SCHOOL_READERS, SCHOOL_READERS),
    "school_correct": ("school", HR, HR),
    "school_new": (None, HR, SAME),
    "schools": (None, SCHOOL_READERS, SAME),
    "schools_import": ("students_table", HR, SAME),
    "schools_import_apply": ("students_job", NOBODY, NOBODY),  # this job is no import of students
    "schools_import_result": ("students_job", NOBODY, NOBODY),
    "schools_import_template": ("students_csv", HR, SAME),
    "student": ("student_record", SCHOOL_READERS | COORDINATOR, GROUP),
    "student_correct": ("student_record", HR, GROUP),
    "student_move": ("student_record", HR, GROUP),
    "student_new": ("school", HR, HR),
    "student_password": ("student_record", HR | COORDINATOR, GROUP),
    "students": (None, SCHOOL_READERS, SAME),
    "targeted_class": ("targeted_class", SCHOOL_READERS | COORDINATOR, GROUP),
    "my_offer": (None, READERS, SAME),
    "offer": ("offer", SELECTION, GROUP),
    "offer_act": ("offer_act", HR, GROUP),
    "offer_new": ("passed", HR, GROUP),
    "offers": (None, SELECTION, SAME),
    "selection_pictures": (None, SELECTION, SAME),
    "funnel_people": (None, SELECTION, SAME),
}
# Who may act where more may look.
POSTS = {"cycle_publish": HR, "reflection": OWNER}
# A second one of HR is the other hand that what the first proposed waits for.
WAITS_FOR_ANOTHER = {"mend_confirm", "proposal_confirm", "seat_confirm"}
ARGUMENTS = {
    "oem": lambda house: (with_file(house.oem.evidence, house.oem),),
    "agreement_with_file": lambda house: (with_file(house.agreement.file, house.agreement),),
    "class_course": lambda house: (house.targeted_class.pk, house.class_course.pk),
    "students_table": lambda house: ("students",),
    "students_csv": lambda house: ("students", "csv"),
    "students_job": lambda house: ("students", house.job.pk),
    "token": lambda house: ("a.b.c",),
    "course": lambda house: (house.course.slug,),
    "lesson": lambda house: (house.course.slug, house.lesson.slug),
    "lesson_check": lambda house: (house.lesson.pk,),
    "check": lambda house: (house.lesson.pk, house.check.pk),
    "level": lambda house: (house.cycle.pk, 1),
    "placement_act": lambda house: (house.placement.pk, "break"),
    "intern_paper": lambda house: (house.placement.pk, paper_with_file(house.intern_paper).pk),
    "coming_change": lambda house: (house.owner.pk, house.coming_change.pk),
    "leave": lambda house: (house.owner.pk, house.leave.pk),
    "transfer": lambda house: (house.owner.pk, "move"),
    "export": lambda house: (house.export.pk, "csv"),
    "csv": lambda house: ("csv",),
    "rule": lambda house: ("age_16",),
    "task": lambda house: (house.book.pk, house.task.pk),
    "sign": lambda house: (house.book.pk, house.sign.pk),
    "week": lambda house: (house.placement.pk, 1),
    "rotation_of_station": lambda house: (house.placement.pk, house.rotation.pk, "station"),
    "tie": lambda house: (house.ranking.pk, 1),
    "offer_act": lambda house: (house.offer.pk, "withdraw"),
}
REFUSED = {401, 403, 404}


@pytest.fixture(scope="module")
def houses(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        yield build_house("YT01"), build_house("YT02")
        transaction.set_rollback(True)


def test_every_address_of_ours_has_its_line():
    wagtail = ("/studio/", "/documents/", "/sign-in", "/sign-out", "/password")
    ours = {name for name, path in walk(get_resolver().url_patterns, "/") if not path.startswith(wagtail)}
    names = {name for name in ours if name} - PUBLIC
    assert names == set(TABLE)


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(TABLE))
def test_only_those_who_may_open_it_do(name, houses, client):
    record, ours, _theirs = TABLE[name]
    first, _second = houses
    assert who_may(name, record, first, first, client) == ours


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(name for name, (_record, _ours, theirs) in TABLE.items() if theirs is not SAME))
def test_only_those_who_may_open_that_of_another_dealer_do(name, houses, client):
    record, _ours, theirs = TABLE[name]
    first, second = houses
    assert who_may(name, record, first, second, client) == theirs


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(TABLE))
def test_a_post_lets_in_nobody_whom_a_look_does_not_and_leaves_no_trace_of_them(name, houses, client):
    """By POST fewer may than by GET, never others; and a refusal comes before anything is written."""
    record, ours, theirs = TABLE[name]
    first, second = houses
    for owner, allowed in ((first, ours), (second, ours if theirs is SAME else theirs)):
        posted = {persona: posts(client, getattr(first, persona), url_of(name, record, owner)) for persona in TRIES}
        assert {persona for persona, (is_in, _events) in posted.items() if is_in} <= allowed
        assert not [persona for persona, (is_in, events) in posted.items() if events and not is_in]


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(POSTS))
def test_only_those_who_may_act_do(name, houses, client):
    record, ours, _theirs = TABLE[name]
    first, _second = houses
    posted = {persona for persona in TRIES if posts(client, getattr(first, persona), url_of(name, record, first))[0]}
    assert posted == POSTS[name] < ours


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(TABLE))
def test_two_jobs_open_what_either_opens_and_no_more(name, houses, client):
    record, ours, theirs = TABLE[name]
    first, second = houses
    for owner, allowed in ((first, ours), (second, ours if theirs is SAME else theirs)):
        url = url_of(name, record, owner)
        for persona, (_position, *jobs) in each(TWO_ROLES.items()):
            may = bool(allowed & set(jobs)) or (name in WAITS_FOR_ANOTHER and owner is first and "hr" in jobs)
            assert may or not is_let_in(client, getattr(first, persona), url), persona
            assert may or not posts(client, getattr(first, persona), url)[0], persona


def with_file(file, record):
    """The number of the record. Each test has a folder of its own for files."""
    file.storage.save(file.name, ContentFile(b"%PDF-1.4"))
    return record.pk


def paper_with_file(paper):
    """The same."""
    paper.file.storage.save(paper.file.name, ContentFile(b"%PDF-1.4"))
    return paper


def url_of(name, record, owner):
    arguments = ARGUMENTS[record](owner) if record in ARGUMENTS else (getattr(owner, record).pk,) if record else ()
    return reverse(name, args=arguments)


def who_may(name, record, house, owner, client):
    """Which personas of `house` are let in to the record of `owner` (a house too)."""
    url = url_of(name, record, owner)
    return {persona for persona in TRIES if is_let_in(client, getattr(house, persona), url)}


def posts(client, person, url):
    """(Whether a POST is let in, how many events it left)."""
    client.force_login(person.user)
    with transaction.atomic():
        before = Event.objects.count()
        response = client.post(url)
        events = Event.objects.count() - before
        for close in getattr(response, "_resource_closers", []):
            close()
        transaction.set_rollback(True)
    to_sign_in = response.status_code == 302 and "/sign-in/" in response.url
    return response.status_code not in REFUSED | {405} and not to_sign_in, events


def is_let_in(client, person, url):
    client.force_login(person.user)
    with transaction.atomic():
        response = client.get(url)
        if response.status_code == 405:
            response = client.post(url)
        for close in getattr(response, "_resource_closers", []):
            close()
        transaction.set_rollback(True)
    to_sign_in = response.status_code == 302 and "/sign-in/" in response.url
    return response.status_code not in REFUSED and not to_sign_in
