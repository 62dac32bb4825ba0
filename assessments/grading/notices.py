from django.utils.translation import gettext_lazy as _

from lms.notifications.kinds import Urgency, notice_kind

notice_kind("grading_eligible", title=_("Admitted to the grading"))
notice_kind("grading_sitting", title=_("Time and room of an exam"), urgency=Urgency.AT_ONCE)
notice_kind("grading_returned", title=_("Results went back to marking"), urgency=Urgency.TODAY)
notice_kind("grading_seat_taken", title=_("A seat on a panel"), urgency=Urgency.TODAY)
notice_kind("grading_seat_given_up", title=_("A seat on a panel given to someone else"))
notice_kind("grading_result", title=_("A grading result"))
