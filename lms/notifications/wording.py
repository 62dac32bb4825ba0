"""A notice in words, in the active language."""

from django.template import Context, TemplateDoesNotExist, TemplateSyntaxError
from django.template.loader import get_template

from lms.common.bilingual import in_language
from lms.notifications.kinds import kind_of

WORDLESS = (TemplateDoesNotExist, TemplateSyntaxError)


class InBoth(dict):
    """A name in two languages, {"zh": …, "en": …}: printed as the one of the reader's language."""

    def __str__(self):
        return in_language(self.get("zh", ""), self.get("en", ""))


def words_of(notice):
    """Subject and body."""
    values = {name: InBoth(value) if is_in_both(value) else value for name, value in notice.context.items()}
    # Plain text: nothing is escaped here; a page that shows it does that itself.
    template = get_template(f"notifications/{notice.kind}.txt").template
    text = template.render(Context({**values, "url": notice.url}, autoescape=False)).strip()
    subject, _newline, body = text.partition("\n")
    return subject.strip(), body.strip()


def words_or_title(notice):
    """For a page: an old notice whose template is gone is at least named."""
    try:
        return words_of(notice)
    except WORDLESS:
        kind = kind_of(notice.kind)
        return str(kind.title) if kind else notice.kind, ""


def is_in_both(value):
    return isinstance(value, dict) and value.keys() == {"zh", "en"}
