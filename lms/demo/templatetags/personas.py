from django import template
from django.conf import settings

from lms.common.bilingual import in_language
from lms.demo import cast

register = template.Library()


@register.inclusion_tag("lms/demo/_personas.html")
def demo_personas():
    """Whom one may sign in as, on the demo's sign-in page; nothing in a real installation."""
    if not settings.DEMO:
        return {"personas": []}
    return {"personas": [(number, in_language(zh, en)) for number, en, zh in cast.PERSONAS], "password": cast.PASSWORD}
