from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language, get_language_from_request, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from wagtail.users.models import UserProfile

from lms.common.acting import keep_for, keeps, open_to, typed_texts
from lms.common.kept import keep_sent
from lms.common.registries import GROWTH, alongside, cards_for, due_for, entries_for, panels_for, tiles_for
from lms.common.states import WrongHands
from lms.common.tones import tone_of
from lms.home.health import glance
from lms.home.weeks import span_of, weeks_of, when_of
from lms.people.models import Proposal
from lms.people.panels import knows_of_leave, status_shown
from lms.people.permissions import employee_of
from lms.people.queries import person_for_page, proposals_visible_to
from lms.people.views.person import acts_for

WAITING = Proposal.Status.WAITING


@open_to()
@require_safe
def today(request):
    """The first page of every person: what to do next, and for whoever leads, how things stand."""
    employee, at = employee_of(request.user), timezone.now()
    if employee is None:
        return render(request, "lms/home/today.html", {"greeting": _("Today"), "due": []})
    context = {
        "greeting": _greeting(employee, at),
        "lead": f"{date_format(timezone.localtime(at), 'DATE_FORMAT')} · {employee.position.name} · {employee.dealer.name}",
        "due": [item | when_of(item["at"], at, now=item["now"]) for item in due_for(employee, at)],
        "figures": tiles_for(request.user, employee, at),
        "cards": cards_for(request.user, employee, at),
    }
    return render(request, "lms/home/today.html", context)


def _greeting(employee, at):
    hour = timezone.localtime(at).hour
    words = _("Good morning, %(name)s") if hour < 12 else _("Good afternoon, %(name)s") if hour < 18 else _("Good evening, %(name)s")
    return words % {"name": employee.name}


@open_to()
@require_safe
def coming(request):
    """What the next six weeks hold for the person signed in, week by week."""
    employee, at = employee_of(request.user), timezone.now()
    if employee is None:
        raise Http404
    first, end = span_of(at)
    return render(request, "lms/home/coming.html", {"weeks": weeks_of(entries_for(employee, first, end), at)})


# No permission of its own: everyone may see their own page; whose else, `person_for_page` decides.
@open_to()
@require_safe
def person(request, pk):
    """A person, as far as the reader may see: what HR does there, and what each room has to say."""
    employee = get_object_or_404(person_for_page(request.user, timezone.now()).select_related(*alongside()), pk=pk)
    context = {
        "person": employee,
        "acts": acts_for(request.user, employee),
        "proposals": proposals_visible_to(request.user).filter(employee=employee, status=WAITING) if employee.has_proposals else [],
        "status": status_shown(employee, whole=knows_of_leave(request.user, employee)),
        "status_tone": tone_of(employee.status_now),
        **panels_for(employee, request.user, timezone.now()),
    }
    return render(request, "lms/home/person.html", context)


@open_to("grading.view_own_grading")
@require_safe
def growth(request):
    """Ladder, certificates, own pay band (every look at pay is logged) and history of the person."""
    employee = employee_of(request.user)
    if employee is None:
        raise Http404
    return render(request, "lms/home/growth.html", {"person": employee, **panels_for(employee, request.user, timezone.now(), GROWTH)})


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
    elif keeps(urlsplit(target).path):
        keep_sent(request, target)
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
    """A page that was open too long, or whose cookies are gone: what was typed is filled in again where it can be known whose it is."""
    if not request.htmx and keep_for(request):
        return redirect(request.get_full_path())
    return render(request, "403_csrf.html", _frame(request), status=403)


def bad_request(request, exception=None):
    if isinstance(exception, RequestDataTooBig):
        return render(request, "413.html", status=413)
    return render(request, "400.html", status=400)


def forbidden(request, exception=None):
    # A refusal of ours says whose it is; Django's own PermissionDenied has nothing fit for the screen.
    sentence = str(exception) if isinstance(exception, WrongHands) else ""
    return render(request, "403.html", {"sentence": sentence, "typed": typed_texts(request), **_frame(request)}, status=403)


def not_found(request, exception=None):
    return render(request, "404.html", {"typed": typed_texts(request), **_frame(request)}, status=404)


def _frame(request):
    """With the navigation for whoever is signed in; what was refused before anybody knew who it is has none."""
    user = getattr(request, "user", None)
    return {"frame": "base.html" if user is not None and user.is_authenticated else "bare.html"}


def server_error(request):
    """Asks neither database nor session nor cache: whatever broke may be one of them."""
    language = getattr(request, "LANGUAGE_CODE", None) or get_language_from_request(request)
    with override(language):
        return HttpResponse(render_to_string("500.html"), status=500, headers={"Content-Language": language})
