"""What the pages of this room have in common."""

from django.shortcuts import redirect, render
from django.urls import reverse

from lms.people.models import Proposal

FORM = "talent_pool/schools/form.html"


def form_page(request, form, **context):
    """A page of one form: title, lead, button, back; `asks`: what is said before it is sent."""
    return render(
        request, FORM, {"lead": "", "tone": "go", "asks": "", "rows": None, "has_file": form.is_multipart(), "form": form, **context}
    )


def posted(request):
    """What a form is bound to: nothing on a page that is only looked at."""
    return request.POST if request.method == "POST" else None


def password_sheet(request, person, made, *, back, words):
    """The password once, with how to sign in; a `Proposal` where a second person hands it over. Not a redirect: it is kept nowhere."""
    if made is None:
        return redirect(back)
    if isinstance(made, Proposal):
        return redirect("proposal", pk=made.pk)
    person.refresh_from_db()
    context = {
        "person": person, "password": made, "until": person.user.temporary_until, "back": back, "words": words,
        "address": request.build_absolute_uri(reverse("account_login")),
    }  # fmt: skip
    return render(request, "talent_pool/schools/password_sheet.html", context)
