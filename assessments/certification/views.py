from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from assessments.certification.actions import record_oem_certificate, revoke_certificate
from assessments.certification.exporters import certificate_pdf
from assessments.certification.forms import (
    CertificateFilter,
    CertifiedStaffFilter,
    OEMCertificateFilter,
    OEMCertificateForm,
    RevokeForm,
)
from assessments.certification.models import State
from assessments.certification.panels import cards_of
from assessments.certification.permissions import may_certify
from assessments.certification.queries import (
    certificate_of_code,
    certificates_visible_to,
    certified_share_now,
    oem_certificates_visible_to,
    with_state,
)
from assessments.certification.queries import certified_staff as staff_of_the_share
from lms.common import limits
from lms.common.acting import attempt, open_to
from lms.common.cache import count
from lms.common.lists import Column, List
from lms.common.print import CannotPrint
from lms.common.tones import tone_of
from lms.common.uploads import takes_files
from lms.people.permissions import employee_of
from lms.people.queries import sees_several_dealers

LOOKS_A_MINUTE = 30
MOST_COUNTED = 2000  # each is looked for among the people

PERSON = [
    Column("holder", gettext_lazy("Holder"), value=lambda c: c.employee.name, sort="employee__name"),
    Column("position", gettext_lazy("Position"), value=lambda c: c.employee.position.name, sort="employee__position__order"),
    Column("employee.dealer.name", gettext_lazy("Dealer"), sort="employee__dealer__code"),
]
STATE = Column("state", gettext_lazy("State"), value=lambda c: State(c.state).label, badge=lambda c: tone_of(c.state), sort="state")


class CertificateList(List):
    name = "certificates"
    most_counted = MOST_COUNTED
    filterset = CertificateFilter
    default_sort = "-issued"
    columns = [
        *PERSON,
        Column("track", gettext_lazy("Track"), value=lambda c: c.get_track_display(), sort="track"),
        Column("level", gettext_lazy("Level"), value=lambda c: c.get_level_display(), sort="level"),
        Column("number", gettext_lazy("Number"), link=lambda c: reverse("certificate", args=[c.pk]), sort="number"),
        Column("issued", gettext_lazy("Issued"), value=lambda c: timezone.localtime(c.issued_at).date(), sort="issued_at"),
        STATE,
    ]
    empty_icon = "certificate"
    empty_title = gettext_lazy("No certificates yet")
    empty_text = gettext_lazy("They are issued when a grading cycle is published.")


class OEMCertificateList(List):
    name = "oem-certificates"
    most_counted = MOST_COUNTED
    filterset = OEMCertificateFilter
    default_sort = "expires"
    columns = [
        *PERSON,
        Column("brand", gettext_lazy("Brand"), value=lambda c: c.brand or "", sort="brand__code"),
        Column("name", gettext_lazy("Certificate"), sort="name"),
        Column("level", gettext_lazy("OEM level"), numeric=True, sort="level"),
        Column("number", gettext_lazy("Number"), sort="number"),
        Column("issued", gettext_lazy("Issued on"), value=lambda c: c.issued_on, sort="issued_on"),
        Column("expires", gettext_lazy("Valid until"), value=lambda c: c.expires_on, sort="expires_on"),
        STATE,
        Column(
            "evidence",
            gettext_lazy("Evidence"),
            value=lambda c: _("Look") if c.evidence else "",
            link=lambda c: reverse("oem_evidence", args=[c.pk]) if c.evidence else "",
            exported=False,
        ),
    ]
    empty_icon = "certificate"
    empty_title = gettext_lazy("No OEM certificates on record")
    empty_text = gettext_lazy("Record them with number, dates and evidence; you are warned before they expire.")


class CertifiedStaffList(List):
    """Whom the certified share counts, and which of them it counts as certified (G8)."""

    name = "certified-staff"
    filterset = CertifiedStaffFilter
    default_sort = "-holds"
    columns = [
        Column("name", gettext_lazy("Name"), sort="name", link=lambda e: reverse("person", args=[e.pk])),
        Column("number", gettext_lazy("Employee number"), sort="number"),
        Column("dealer.name", gettext_lazy("Dealer"), sort="dealer__code"),
        Column("position.name", gettext_lazy("Position"), sort="position__order"),
        Column(
            "holds",
            gettext_lazy("OEM certificate"),
            value=lambda e: _("Certified") if e.holds else _("None"),
            badge=lambda e: "good" if e.holds else "",
            sort="holds",
        ),
    ]
    empty_icon = "people"
    empty_title = gettext_lazy("Nobody here yet")
    empty_text = gettext_lazy("Staff in a position of a track stand here, with who of them holds a valid OEM certificate.")


@open_to("grading.view_own_grading")
def certificates(request):
    """The dealer's certificates as a list with the certified share; for those who see only themselves, their own as cards."""
    if not request.user.has_perm("people.view_dealer_people"):
        return certificates_mine(request)
    return _listed(request, CertificateList, certificates_visible_to(request.user), "certificates")


@open_to("people.view_dealer_people")
def oem_certificates(request):
    return _listed(request, OEMCertificateList, oem_certificates_visible_to(request.user), "oem_certificates")


@open_to("people.view_dealer_people")
def certified_staff(request):
    people = staff_of_the_share(request.user, timezone.localdate()).select_related("dealer", "position")
    return _page(request, CertifiedStaffList(request, people), "certified_staff")


@open_to("grading.view_own_grading")
def certificates_mine(request):
    employee = employee_of(request.user)
    cards = cards_of(employee, request.user, timezone.localdate()) if employee else []
    context = {"cards": cards, "tabs": _tabs(request.user, "certificates_mine")}
    return render(request, "assessments/certification/mine.html", context)


def _listed(request, listing, visible, name):
    return _page(request, listing(request, with_state(visible, timezone.localdate())), name)


def _page(request, listing, name):
    if not sees_several_dealers(request.user):
        listing.columns = [column for column in listing.columns if not column.name.endswith("dealer.name")]
    context = {"tabs": _tabs(request.user, name), "share": _share(request.user)}
    return listing.response("assessments/certification/certificates.html", context)


def _share(user):
    """The headline, of all dealers that the reader sees; each figure opens the people whom it counts."""
    rows = certified_share_now(user, timezone.localdate())
    return [row | {"url": f"{reverse('certified_staff')}?position={row['position'].pk}"} for row in rows]


def _tabs(user, current):
    if not user.has_perm("people.view_dealer_people"):
        return []
    words = {
        "certificates": _("Level certificates"),
        "oem_certificates": _("OEM certificates"),
        "certified_staff": _("OEM-certified staff"),
        "certificates_mine": _("My own"),
    }
    return [{"label": label, "url": reverse(name), "current": name == current} for name, label in words.items()]


@open_to("grading.view_own_grading")
def certificate(request, pk):
    found = get_object_or_404(with_state(certificates_visible_to(request.user), timezone.localdate()), pk=pk)
    context = {"certificate": found, "may_revoke": found.revoked_at is None and may_certify(request.user, found.employee)}
    return render(request, "assessments/certification/certificate.html", context)


@open_to("grading.view_own_grading")
def certificate_file(request, pk):
    found = get_object_or_404(certificates_visible_to(request.user), pk=pk)
    try:
        pdf = certificate_pdf(found)
    except CannotPrint as refusal:
        messages.error(request, str(refusal))
        return redirect("certificate", pk=found.pk)
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{found.number}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response


@open_to("certification.manage_certificates")
def certificate_revoke(request, pk):
    found = get_object_or_404(certificates_visible_to(request.user), pk=pk)
    form = RevokeForm(request.POST or None)
    done = _("Certificate %(number)s is revoked.") % {"number": found.number}
    if form.is_valid() and attempt(request, revoke_certificate, done, form=form, certificate=found, **form.cleaned_data):
        return redirect("certificate", pk=found.pk)
    return render(request, "assessments/certification/revoke.html", {"certificate": found, "form": form})


@takes_files(most=limits.EVIDENCE_FILE)
@open_to("certification.manage_certificates")
def oem_certificate_new(request):
    form = OEMCertificateForm(request.POST or None, request.FILES or None, user=request.user)
    if form.is_valid() and attempt(request, record_oem_certificate, _recorded, form=form, **form.cleaned_data):
        return redirect("oem_certificates")
    return render(request, "assessments/certification/oem_new.html", {"form": form})


def _recorded(certificate):
    return _("Recorded: %(certificate)s.") % {"certificate": certificate}


@open_to("grading.view_own_grading")
def oem_evidence(request, pk):
    found = get_object_or_404(oem_certificates_visible_to(request.user), pk=pk)
    if not found.evidence:
        raise Http404
    ending = found.evidence.name.rpartition(".")[2]
    response = FileResponse(found.evidence.open("rb"), as_attachment=True, filename=f"{found.number}.{ending}")
    response["X-Content-Type-Options"] = "nosniff"
    return response


@never_cache
def verify(request, code):
    """The public page behind a certificate's QR code (G9): valid, expired or revoked, and no more than a stranger needs."""
    if not _may_look(request):
        return _unlisted(render(request, "assessments/certification/verify.html", {"too_many": True}, status=429))
    found = certificate_of_code(code)
    context = {"certificate": found, "state": found.state_on(timezone.localdate()) if found else "unknown"}
    return _unlisted(render(request, "assessments/certification/verify.html", context, status=200 if found else 404))


def _may_look(request):
    """So many looks a minute from one address, so that codes are not tried out."""
    key = f"verify:{get_adapter().get_client_ip(request)}:{timezone.now():%H%M}"
    return count(key, 90) <= LOOKS_A_MINUTE


def _unlisted(response):
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
