"""No form that edits what stands there already forgets to tell its second sender (ADR 25)."""

import importlib
import pkgutil

import pytest
from django import forms
from wagtail.snippets.models import get_snippet_models

from assessments.questions.models import Question
from lms.audit.studio import ToldEditView
from lms.audit.verbs import edited_of
from lms.common.shown import ShownForm

AREAS = ["lms", "courses", "assessments", "talent_pool"]

# What writes over nothing, and why.
ADDS = {
    "lms.accounts.forms.ResetPasswordForm": "one's own password",
    "lms.people.views.second_factor.CodeForm": "one's own second factor",
    "lms.people.forms.NewPersonForm": "adds: it has nobody yet, and drops the field",
    "lms.people.forms.LeaveForm": "adds: leave over the same days is refused",
    "lms.people.forms.DeclineForm": "decides once, by a conditional update",
    "lms.people.forms.ImportForm": "adds a file; what it changes is looked at before",
    "courses.training.forms.CheckInFields": "a part of other forms",
    "courses.training.forms.SureForm": "a part of other forms",
    "courses.training.forms.CloseForm": "closes once; the roll beside it carries a state a row",
    "talent_pool.pay.forms.MoveDecisionForm": "decides once: a decided move needs none any more",
    "courses.training.forms.LectureForm": "adds: a half-day is one session's",
    "courses.training.forms.ProgrammeForm": "adds: one open programme of a kind",
    "courses.learning.forms.CatalogueFilter": "reads",
    "courses.learning.forms.EnrolPeopleForm": "adds",
    "assessments.certification.forms.OEMCertificateForm": "adds",
    "assessments.certification.forms.RevokeForm": "decides once, by a conditional update",
    "assessments.exams.forms.StartForm": "begins one's own attempt, once",
    "assessments.exams.forms.MendForm": "adds: one proposal about a question waits at a time",
    "assessments.exams.forms.VoidForm": "decides once",
    "assessments.grading.forms.CycleForm": "adds: one cycle a quarter and track",
    "assessments.grading.forms.ReasonForm": "decides once, from a state that the action asks",
    "assessments.grading.forms.LoweringForm": "its choice holds the level that was seen",
    "assessments.grading.forms.SittingForm": "adds: who waits is asked again by the action",
    "lms.people.fields.DealerForm": "reads",
    "talent_pool.onboarding.forms.MentorForm": "adds: a person is named once",
    "talent_pool.onboarding.forms.EndForm": "ends once",
    "talent_pool.onboarding.forms.TaskBookForm": "adds: one open book of a checklist and station",
    "talent_pool.onboarding.forms.HandOnForm": "adds a handing on; who signs now is asked again by the action",
    "talent_pool.onboarding.forms.CloseForm": "closes once",
    "talent_pool.onboarding.forms.CorrectForm": "adds: a sign-off is taken back once",
    "talent_pool.onboarding.forms.AnswerForm": "adds: a sign-off is answered once",
    "talent_pool.interns.forms.stations.StationFields": "a part of other forms",
    "talent_pool.interns.forms.stations.NewStationForm": "adds: a code is once at a dealer",
    "talent_pool.interns.forms.rotations._AtDealer": "a part of other forms",
    "talent_pool.interns.forms.rotations.NewRotationForm": "adds: an intern is at one station at a time",
    "talent_pool.interns.forms.batches.BatchForm": "adds: a name is once a dealer",
    "talent_pool.interns.forms.batches.AddStudentsForm": "adds: who is in the batch is no choice, and the action asks again",
    "talent_pool.interns.forms.batches.BatchTermsForm": "fills in for those who have none, held by the action",
    "talent_pool.interns.forms.batches.BatchPaperForm": "adds",
    "talent_pool.interns.forms.placements.TermsFields": "a part of other forms",
    "talent_pool.interns.forms.placements.PaperForm": "adds",
    "talent_pool.interns.forms.placements.WithdrawForm": "decides once: a withdrawn paper stays withdrawn",
    "talent_pool.interns.forms.placements.TakeOutForm": "decides once, by a conditional update",
    "talent_pool.interns.forms.placements.PauseForm": "adds: breaks do not overlap",
    "talent_pool.interns.forms.placements.EndForm": "decides once, by a conditional update",
    "talent_pool.interns.forms.placements.TransferForm": "decides once, by a conditional update",
    "talent_pool.pay.forms.ExportForm": "adds: each change is exported once",
    "talent_pool.interns.forms.logs.LogAnswerForm": "answers once, by a conditional update",
    "talent_pool.interns.forms.evaluations.EvaluationForm": "adds: one of a kind to a rotation",
    "talent_pool.interns.forms.evaluations.DecisionForm": "decides once, by a conditional update",
    "talent_pool.interns.forms.logs.NoteForm": "adds",
    "talent_pool.selection.forms.OfferForm": "adds: one offer at a time to a person",
    "talent_pool.selection.forms.AnswerForm": "decides once, by a conditional update",
    "talent_pool.selection.forms.ReasonForm": "decides once, by a conditional update",
    "talent_pool.selection.forms.OwnReasonForm": "decides once, by a conditional update",
    "talent_pool.selection.forms.BeginForm": "decides once, by a conditional update",
    "talent_pool.selection.forms.ConfirmForm": "decides once, by a conditional update",
    "talent_pool.selection.forms.EndForm": "decides once, by a conditional update",
    "talent_pool.pay.forms.RejectForm": "decides once, by a conditional update",
    "talent_pool.schools.forms.AgreementEndForm": "decides once: an agreement that ended early is refused",
    "talent_pool.schools.forms.AgreementForm": "adds: an agreement is never edited, a renewal is a new one",
    "talent_pool.schools.forms.ClassCoursesForm": "adds; of a course that the class has it sets the date anew",
    "talent_pool.schools.forms.ClassForm": "adds",
    "talent_pool.schools.forms.ContactEndForm": "decides once: one that has ended is refused",
    "talent_pool.schools.forms.DutyForm": "adds",
    "talent_pool.schools.forms.LetInForm": "adds: who can sign in already is refused",
    "talent_pool.schools.forms.StudentForm": "adds",
    "talent_pool.schools.forms.TableForm": "adds a file; what it changes is looked at before",
}
# Forms of the studio: their view tells (below).
STUDIO = {"lms.people.wagtail_hooks.PositionForm", "lms.people.wagtail_hooks.DealerForm", "courses.catalogue.forms.TopicForm"}
STUDIO |= {
    "courses.observations.wagtail_hooks.ChecklistForm",
    "courses.catalogue.forms.PictureForm",
    "courses.catalogue.forms.DocumentForm",
    "assessments.questions.wagtail_hooks._QuestionFilter",
}


def all_forms():
    for area in AREAS:
        for module in pkgutil.walk_packages(importlib.import_module(area).__path__, f"{area}."):
            if ".migrations" not in module.name and not module.name.endswith(("asgi", "wsgi", "celery", "settings")):
                importlib.import_module(module.name)
    return sorted(_below(forms.BaseForm), key=_name)


def _below(kind):
    for one in set(kind.__subclasses__()):
        if one.__module__.partition(".")[0] in AREAS:
            yield one
        yield from _below(one)


def _name(form):
    return f"{form.__module__}.{form.__qualname__}"


def test_a_form_carries_what_its_page_showed_or_writes_over_nothing():
    forgotten = {_name(one) for one in all_forms() if not issubclass(one, ShownForm)}
    assert not forgotten - ADDS.keys() - STUDIO - {"lms.common.shown.ShownForm"}


def test_what_is_said_to_add_is_there():
    assert not (ADDS.keys() | STUDIO) - {_name(one) for one in all_forms()}


@pytest.mark.parametrize("model", sorted(get_snippet_models(), key=str), ids=str)
def test_the_studio_tells_the_second_editor_of_every_record(model):
    assert issubclass(model.snippet_viewset.edit_view_class, ToldEditView)
    # The list of all questions has no form: it leads to that of a question's kind.
    assert edited_of(model._meta.label_lower) or model is Question
