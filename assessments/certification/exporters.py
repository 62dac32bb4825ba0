"""A certificate as PDF, for the template `certificate.typ`: everything in both languages at once, whatever language its reader uses."""

from datetime import date

import segno
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from lms.common.print import render

TEMPLATE = "assessments/certification/certificate.typ"
LEVELS = {1: ("初级", "Level 1 (junior)"), 2: ("中级", "Level 2 (intermediate)"), 3: ("高级", "Level 3 (senior)")}
TRACKS = {"service": ("服务顾问序列", "service-advisor track"), "technical": ("维修技师序列", "technician track")}

# What the level rests on, before and after its name. Only what the panel signed says that it did.
WORDS = {
    "exam": (
        "通过理论与实操考试，经考评组一致签字，评定为",
        "has passed the theory and practical exams and, with the signatures of the whole panel, holds {what}.",
    ),
    "renewal": ("经人事书面决定，续持等级", "continues to hold {what}, by a written decision of HR."),
    "correction": ("经两名人事人员复核更正，认定为", "holds {what}, by a correction that two people of HR decided on."),
}

MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"]


def public_url(certificate):
    return settings.BASE_URL.rstrip("/") + reverse("verify", args=[certificate.code])


def certificate_pdf(certificate):
    """The certificate as the bytes of a PDF file: the same ones whenever it is asked for."""
    return render(TEMPLATE, _contents(certificate), at=certificate.issued_at)


def _contents(certificate):
    level_zh, level_en = LEVELS[certificate.level]
    track_zh, track_en = TRACKS[certificate.track]
    words_zh, words_en = WORDS[certificate.cause]
    return {
        "title": f"{certificate.number} {certificate.holder_name}",
        "holder": certificate.holder_name,
        "level": certificate.level,
        "level_zh": level_zh,
        "level_en": level_en,
        "steps": [words[0] for words, _en in LEVELS.values()],
        "track_zh": track_zh,
        "words_zh": words_zh,
        "words_en": words_en.format(what=f"{level_en} of the {track_en}"),
        "signatories": [person | {"signed": _day(date.fromisoformat(person["signed_on"]))} for person in certificate.signatories],
        "dealer_zh": certificate.dealer_zh,
        "dealer_en": certificate.dealer_en,
        "number": certificate.number,
        "issued": _day(timezone.localdate(certificate.issued_at)),
        "valid": certificate.expires_on and _day(certificate.expires_on),
        "url": public_url(certificate),
        "code": segno.make(public_url(certificate), error="m", micro=False).svg_inline(border=0, dark="#073f4c"),
    }


def _day(day):
    return {"zh": f"{day.year}年{day.month}月{day.day}日", "en": f"{day.day} {MONTHS[day.month - 1]} {day.year}"}
