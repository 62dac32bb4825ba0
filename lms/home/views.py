from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language, get_language_from_request, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from wagtail.users.models import UserProfile

from assessments.grading.eligibility import words_of
from assessments.grading.queries import ladder_of
from assessments.grading.queries.ladder import newest_candidacy
from lms.common.acting import open_to
from lms.common.states import WrongHands
from lms.home.health import glance
from lms.home.queries import certificate_cards, cycles_under_way, due_for, figures_for, level_table
from lms.people.choices import Level
from lms.people.permissions import employee_of
from talent_pool.pay.queries import pay_of


@open_to()
@require_safe
def today(request):
    """The first page of every person: what to do next, and for whoever leads, how things stand."""
    employee, at = employee_of(request.user), timezone.now()
    if employee is None:
        return render(request, "lms/home/today.html", {"greeting": _("Today"), "due": []})
    leads = request.user.has_perm("people.view_dealer_people")
    runs = request.user.has_perm("grading.run_cycles")
    context = {
        "greeting": _greeting(employee, at),
        "lead": f"{date_format(timezone.localtime(at), 'DATE_FORMAT')} · {employee.position.name} · {employee.dealer.name}",
        "due": [_as_line(item, at) for item in due_for(employee, at)],
        "figures": figures_for(request.user, employee, at),
        "ladder": _step(employee) if employee.position.track else None,
        "cycles": list(cycles_under_way(employee.dealer, at)) if request.user.has_perm("grading.view_cycles") and leads else [],
        "levels": level_table(employee.dealer) if runs else [],
        "level_headers": [_("Track"), *(str(level.value) for level in Level)],
    }
    return render(request, "lms/home/today.html", context)


def _greeting(employee, at):
    hour = timezone.localtime(at).hour
    words = _("Good morning, %(name)s") if hour < 12 else _("Good afternoon, %(name)s") if hour < 18 else _("Good evening, %(name)s")
    return words % {"name": employee.name}


def _as_line(item, at):
    """An item of `due_for` with the words of its time: 16:30 / today, 27 / Fri, 8 / Dec."""
    when, state = item["at"], "now" if item["now"] else ""
    if when is None:
        return {**item, "big": "·", "small": _("any time"), "state": state}
    local, day = timezone.localtime(when), timezone.localtime(at).date()
    if local.date() == day:
        big, small = date_format(local, "H:i"), _("today")
    elif 0 < (local.date() - day).days < 7:
        big, small = str(local.day), date_format(local, "D")
    else:
        big, small = str(local.day), date_format(local, "M")
    return {**item, "big": big, "small": small, "state": "late" if when < at and not item["now"] else state}


def _step(employee):
    """Level and next step for Today: the ladder without the decisions behind it, and what the cycle under way found."""
    level = employee.level
    step = {"level": level, "next_level": level + 1 if level < Level.SENIOR else None}
    return step | {"checks": _checks(newest_candidacy(employee, employee.position.track))}


def _checks(candidacy):
    """The candidate's own checklist in words, while the cycle is before publication."""
    if candidacy is None or candidacy.cycle.published_at or not candidacy.computed_at:
        return []
    return [{"ok": finding["met"], "text": words_of(finding)} for finding in candidacy.findings]


@open_to("grading.view_own_grading")
@require_safe
def growth(request):
    """Ladder, certificates, own pay band (every look at pay is logged) and history of the person."""
    employee = employee_of(request.user)
    if employee is None:
        raise Http404
    ladder = ladder_of(employee)
    context = {
        "ladder": ladder | {"checks": _checks(ladder["candidacy"])},
        "certificates": certificate_cards(employee, ladder["decisions"], timezone.localdate()),
        "pay": pay_of(employee, by=request.user, where="growth"),
        "history": employee.history.select_related("position", "dealer", "manager"),
    }
    return render(request, "lms/home/growth.html", context)


@open_to()
@require_safe
def account(request):
    return render(request, "lms/home/account.html")


@require_POST
def set_language(request):
    """Switch the language and remember it: in a cookie, and for a signed-in person on the account."""
    language = request.POST.get("language", "")
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        target = "/"
    response = HttpResponseRedirect(target)
    if check_for_language(language) and language in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, language, max_age=365 * 24 * 3600, samesite="Lax", secure=settings.LANGUAGE_COOKIE_SECURE
        )
        if request.user.is_authenticated:
            request.user.language = language
            request.user.save(update_fields=["language"])
            # The course studio remembers a language of its own once somebody chose one there; the newer choice wins.
            UserProfile.objects.filter(user=request.user).update(preferred_language="")
    return response


def styleguide(request):
    """Every component in both themes, where people build or try the product; no page of a real installation."""
    if not (settings.DEBUG or settings.DEMO):
        raise Http404
    return render(request, "styleguide/page.html")


def health(request):
    """For a load balancer: 503 while people can't be served, 200 otherwise, with what is degraded. Names parts and tells nothing else."""
    stops, degraded = glance()
    status = "down" if stops else "degraded" if degraded else "ok"
    answer = JsonResponse({"status": status, "stops": stops, "degraded": degraded}, status=503 if stops else 200)
    answer["Cache-Control"] = "no-store"
    return answer


def csrf_failure(request, reason=""):
    return render(request, "403_csrf.html", status=403)


def bad_request(request, exception=None):
    if isinstance(exception, RequestDataTooBig):
        return render(request, "413.html", status=413)
    return render(request, "400.html", status=400)


def forbidden(request, exception=None):
    # A refusal of ours says whose it is; Django's own PermissionDenied has nothing fit for the screen.
    sentence = str(exception) if isinstance(exception, WrongHands) else ""
    return render(request, "403.html", {"sentence": sentence}, status=403)


def not_found(request, exception=None):
    return render(request, "404.html", status=404)


def server_error(request):
    """Asks neither database nor session nor cache: whatever broke may be one of them."""
    language = getattr(request, "LANGUAGE_CODE", None) or get_language_from_request(request)
    with override(language):
        return HttpResponse(render_to_string("500.html"), status=500, headers={"Content-Language": language})
