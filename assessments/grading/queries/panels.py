"""The panel of three (G3): who sits, who has signed, who is a candidate's line manager."""

from assessments.grading.models import PanelMember


def panel_of(cycle):
    return cycle.panel.select_related("examiner__position", "examiner__dealer")


def seats_open(cycle):
    """The seats of the cycle's track that nobody has been given yet."""
    taken = {member.seat for member in cycle.panel.all()}
    return [seat for seat in PanelMember.SEATS[cycle.track] if seat not in taken]


def line_managers_on_panel(cycle):
    """{candidate id: examiner id} for candidates whose line manager sits on the panel: they are marked as such, not refused."""
    examiners = cycle.panel.values_list("examiner", flat=True)
    return dict(cycle.candidacies.filter(employee__manager__in=examiners).values_list("employee", "employee__manager"))
