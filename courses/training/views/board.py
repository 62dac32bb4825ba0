from datetime import date, timedelta

from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from courses.training.kinds import ONCE
from courses.training.permissions import kinds_opened_by, may_organise
from courses.training.queries.boards import board_of, lead_of, who_presents
from courses.training.queries.sessions import programmes_visible_to, sessions_visible_to
from courses.training.views.shared import holiday_link
from lms.common import limits
from lms.common.acting import open_to
from lms.common.outside import whole_number
from lms.common.quarters import bounds, following, previous, quarter_of
from lms.common.spreadsheets import table_response
from lms.people.fields import DealerForm
from lms.people.permissions import employee_of
from lms.people.queries import dealers_visible_to


@open_to("training.view_board")
@require_safe
def training_board(request):
    """A quarter or a week of all programmes of a dealer."""
    today = timezone.localdate()
    form = _chosen(request)
    dealer = form.cleaned_data["dealer"] if form.is_valid() else form.initial["dealer"]
    is_one_of_many = len(form.fields["dealer"].few) > 1
    year, quarter = quarter_from(request.GET.get("quarter"), today)
    week = _week(request.GET.get("week"), today)
    by_week = request.GET.get("view") == "week"
    first, last = (week, week + timedelta(days=6)) if by_week else bounds(year, quarter)
    board = board_of(sessions_visible_to(request.user).filter(dealer=dealer), first, last, today)
    if request.GET.get("export") in ("csv", "xlsx"):
        return _export(request.GET["export"], board)
    opened = kinds_opened_by(request.user, dealer.pk) if dealer else []
    programmes = list(programmes_visible_to(request.user).filter(dealer=dealer, status="open"))
    context = {
        "board": board,
        "lead": lead_of(board),
        "weekday_names": [weekday_name(number) for number in board.weekdays],
        "programmes": programmes,
        "dealer": dealer,
        "form": form if is_one_of_many else None,
        "by_week": by_week,
        "period": _period(board, by_week, year, quarter),
        "tabs": _tabs(by_week, year, quarter, week, dealer if is_one_of_many else None),
        "holiday_link": holiday_link(request.user),
        "may_open": bool(opened),
        "kinds_opened": [kind.name for kind in opened],
        "arranges": {one.pk for one in programmes if may_organise(request.user, one)},
        "may_plan": dealer is not None and any(one.rules.every != ONCE and may_organise(request.user, one) for one in programmes),
    }
    return render(request, "courses/training/board.html", context)


def _chosen(request):
    """The dealer asked for; to begin with the own one, or the first."""
    employee = employee_of(request.user)
    own = employee.dealer if employee else dealers_visible_to(request.user).first()
    return DealerForm(request.GET if request.GET.get("dealer") else None, dealers=dealers_visible_to(request.user), initial={"dealer": own})


def quarter_from(text, today):
    """“2026-4” → (2026, 4); anything else is the present quarter."""
    year, _dash, quarter = (text or "").partition("-")
    asked = whole_number(year, limits.FIRST_YEAR, limits.LAST_YEAR), whole_number(quarter, 1, 4)
    return quarter_of(today) if None in asked else asked


def _week(text, today):
    try:
        day = date.fromisoformat(text or "")
    except ValueError:
        day = today
    day = day if limits.FIRST_YEAR <= day.year <= limits.LAST_YEAR else today
    return day - timedelta(days=day.weekday())


def weekday_name(number):
    names = [_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday")]
    return names[number]


def quarter_name(year, quarter):
    return _("%(year)s, quarter %(quarter)s") % {"year": year, "quarter": quarter}


def _period(board, by_week, year, quarter):
    if by_week:
        week = board.weeks[0]
        name = _("Week %(number)s") % {"number": week.number} + f" · {week.days}"
        before, after = week.monday - timedelta(days=7), week.monday + timedelta(days=7)
        return {"name": name, "before": f"view=week&week={before}", "after": f"view=week&week={after}"}
    before, after = previous(year, quarter), following(year, quarter)
    return {
        "name": quarter_name(year, quarter),
        "before": f"quarter={before[0]}-{before[1]}",
        "after": f"quarter={after[0]}-{after[1]}",
    }


def _tabs(by_week, year, quarter, week, dealer):
    url = reverse("training_board")
    more = f"&dealer={dealer.code}" if dealer else ""
    return [
        {"label": _("Quarter"), "url": f"{url}?quarter={year}-{quarter}{more}", "current": not by_week},
        {"label": _("Week"), "url": f"{url}?view=week&week={week}{more}", "current": by_week},
    ]


def _export(kind, board):
    headers = [_("day"), _("starts"), _("kind"), _("title"), _("presenter"), _("state"), _("material")]
    rows = (
        [
            session.on,
            timezone.localtime(session.starts_at).strftime("%H:%M"),
            session.programme.get_kind_display(),
            session.title,
            who_presents(session),
            session.get_status_display(),
            timezone.localtime(session.material_at).strftime("%Y-%m-%d %H:%M") if session.material_at else "",
        ]
        for session in board.inside
    )
    return table_response(kind, "training", headers, rows)
