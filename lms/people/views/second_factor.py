"""The second factor: who may set one up, what one has, and the code that another hand gives out for it."""

import logging
import time
from smtplib import SMTPException
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from allauth.core import ratelimit
from allauth.mfa.base.views import AuthenticateView, IndexView
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.webauthn.views import AddWebAuthnView
from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from lms.common.states import Refused
from lms.common.typed import CodeField
from lms.people import actions
from lms.people.actions.second_factor import CONFIRMED
from lms.people.adapter import passkeys_possible, strong_factors
from lms.people.middleware import FACTOR
from lms.people.permissions import needs_second_factor
from lms.people.queries import employees_visible_to

logger = logging.getLogger(__name__)
TIME_TO_SET_UP = 15 * 60  # seconds from the code to the factor


class CodeForm(forms.Form):
    code = CodeField(
        label=gettext_lazy("Enrolment code"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false"}),
    )


@login_required
@never_cache
def second_factor(request):
    """The door before everything else for whoever needs a second factor: show it, or set one up."""
    onward = _onward(request)
    if FACTOR in request.session:
        return redirect(onward or "mfa_index")
    if strong_factors(request.user).exists():
        return redirect(f"{reverse('mfa_reauthenticate')}?{urlencode({'next': onward or reverse('mfa_index')})}")
    form = CodeForm(request.POST if request.POST.get("do") == "check" else None)
    if request.method == "POST":
        _act(request, form)
        if not form.errors:
            return redirect(f"{request.path}?{urlencode({'next': onward})}" if onward else request.path)
    context = {"form": form, "onward": onward, "mail": _masked(request.user.email), "is_required": needs_second_factor(request.user)}
    return render(request, "mfa/begin.html", context | {"is_confirmed": _is_confirmed(request), "passkeys": passkeys_possible(request)})


def _act(request, form):
    try:
        if request.POST.get("do") == "send":
            _send(request)
        elif form.is_valid():
            _check(request, form.cleaned_data["code"])
    except Refused as refusal:
        if form.is_bound:
            form.add_error("code", str(refusal))
        else:
            messages.error(request, str(refusal))


def _send(request):
    _slow_down(request, "enrolment_mail")
    code = actions.make_enrolment_code(user=request.user, at=timezone.now())
    try:
        get_adapter().send_mail("account/email/enrolment_code", request.user.email, {"code": code})
    except (SMTPException, OSError):
        logger.exception("The mail with an enrolment code was not sent")
        raise Refused(_("The mail could not be sent just now. Please try again in a few minutes, or ask HR for a code.")) from None
    messages.success(request, _("The code is on its way to %(mail)s. It works for 15 minutes.") % {"mail": _masked(request.user.email)})


def _check(request, code):
    _slow_down(request, "enrolment_code")
    actions.confirm_enrolment(user=request.user, code=code, at=timezone.now())
    request.session[CONFIRMED] = int(time.time()) + TIME_TO_SET_UP


def _slow_down(request, action):
    if not ratelimit.consume(request, action=action, user=request.user):
        raise Refused(_("That was often enough for now. Please wait a few minutes and try again."))


def _masked(mail):
    """l…@example.com: enough to know which one it is."""
    name, at, host = mail.partition("@")
    return f"{name[:1]}…{at}{host}" if mail else ""


def _onward(request):
    """Where the person was going, as far as it is an address of ours."""
    target = request.GET.get("next", "")
    return target if url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}, require_https=request.is_secure()) else ""


def _is_confirmed(request):
    return request.session.get(CONFIRMED, 0) > time.time()


class _AfterTheCode:
    """The first factor needs the code, whoever the person is; a further one a session that was begun with the first."""

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated and not self._may(request):
            return redirect("second_factor")
        return super().dispatch(request, *args, **kwargs)

    def _may(self, request):
        return FACTOR in request.session or (_is_confirmed(request) and not strong_factors(request.user).exists())


class AuthenticatorAppView(_AfterTheCode, ActivateTOTPView):
    pass


class PasskeyView(_AfterTheCode, AddWebAuthnView):
    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated and not passkeys_possible(request):
            raise Http404
        return super().dispatch(request, *args, **kwargs)


class _WithPasskeys:
    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {"passkeys": passkeys_possible(self.request)}


class FactorsView(_WithPasskeys, IndexView):
    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {"is_required": needs_second_factor(self.request.user)}


class SignInCodeView(_WithPasskeys, AuthenticateView):
    pass


@login_required
@require_POST
@never_cache
def enrolment_code(request, pk):
    """Show a code once, to be handed over in person; like the first password it is kept nowhere."""
    if not (request.user.has_perm("people.manage_people") or request.user.has_perm("pay.countersign_pay_changes")):
        raise PermissionDenied
    employee = get_object_or_404(employees_visible_to(request.user).select_related("user"), pk=pk)
    at = timezone.now()
    try:
        code = actions.hand_out_enrolment_code(employee=employee, by=request.user, at=at)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("person", pk=pk)
    until = at + actions.second_factor.BY_HAND_FOR
    return render(request, "lms/people/enrolment_code.html", {"person": employee, "code": code, "until": until})
