"""What templates need and Django does not have. No ORM in here: plain values in, words or markup out."""

from decimal import Decimal, InvalidOperation
from functools import cache
from operator import attrgetter

from django import template
from django.templatetags.static import static as address_of
from django.utils.formats import localize
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.timezone import template_localtime  # type: ignore[attr-defined]  # missing in the stubs
from django.utils.translation import gettext_lazy as _

from lms.common import days
from lms.common.bilingual import listed
from lms.common.kept import FIELD, HAD_FILES, SENT, page_of, sent_here
from lms.common.scores import shown_score
from lms.common.tones import tone_of
from lms.people.choices import LEVEL_NAMES, LEVEL_STEPS, Level

register = template.Library()

# The icon that stands for a tone, so that colour is never alone.
TONE_ICONS = {"good": "check", "success": "check", "warn": "warn", "warning": "warn", "bad": "warn", "error": "warn"}


JUDGEMENTS = {"good", "warn", "bad"}
GO_ON = '<a class="button small{}" href="{}">{}<span class="visually-hidden"> · {}</span></a>'
NOWRAP = mark_safe(' class="nowrap"')
LONG_BADGE = 20  # characters: longer ones are broken over two lines, or they push the rest of a row out of sight
NUMBER = mark_safe(' class="number"')
HERE = mark_safe(' aria-current="page"')


@register.simple_tag
def icon(name, label="", extra=""):
    """One symbol of the sprite; with a label it is a picture, without one it is decoration."""
    if not label:
        return _decoration(name, extra)
    return format_html('<svg class="{}" role="img" aria-label="{}"><use href="{}"></use></svg>', _css(extra), label, _symbol(name))


@cache
def _decoration(name, extra):
    """A page has dozens, and each costs a look at the manifest of static files."""
    return format_html('<svg class="{}" aria-hidden="true" focusable="false"><use href="{}"></use></svg>', _css(extra), _symbol(name))


def _css(extra):
    return f"icon {extra}".strip()


@cache
def _symbol(name):
    return f"{static('lms/icons.svg')}#icon-{name}"


@register.simple_tag(takes_context=True)
def csrf_token(context):
    """Django's, and with it whom the page was made for: what is sent after the session has ended is kept for them (`lms.common.kept`)."""
    token = context.get("csrf_token")
    if not token or str(token) == "NOTPROVIDED":
        return ""
    request = getattr(context, "request", None) or context.get("request")
    ours = format_html('<input type="hidden" name="csrfmiddlewaretoken" value="{}">', token)
    owner = page_of(request)
    return format_html('{}<input type="hidden" name="{}" value="{}">', ours, FIELD, owner) if owner else ours


@register.simple_tag(takes_context=True)
def what_was_sent(context):
    """For the button of the other language on a page that answers a form: what was typed is filled in again there (`lms.common.kept`)."""
    sent, had_files = sent_here(context.get("request"))
    field = format_html('<input type="hidden" name="{}" value="{}">', SENT, sent) if sent else ""
    return format_html('{}<input type="hidden" name="{}" value="yes">', field, HAD_FILES) if field and had_files else field


@register.simple_tag
@cache
def static(path):
    """Django's tag of this name, looked up in the manifest once a process and not at each of a page's ten."""
    return address_of(path)


def shown(value):
    """A value as templates print it: in the reader's time zone, language and escaped."""
    return conditional_escape(localize(template_localtime(value)))


@register.filter
def score(value):
    """A score of 100 in the digits in which it is shown everywhere: never as a mark that it did not reach."""
    return shown_score(value)


@register.simple_tag
def badge(text, tone=""):
    """A short state in a frame. Its tone is good, warn, bad, accent, that of a kind of training or nothing; a judgement carries an icon."""
    sign = icon(TONE_ICONS[tone]) if tone in JUDGEMENTS else ""
    return format_html('<span class="badge {}">{}{}</span>', tone or "", sign, shown(text))


@register.simple_block_tag
def table(content, css, region=""):
    """The frame of every table; its rows stand between the tags. `css` says of which kind it is, `region` names it and lets it scroll."""
    inner = format_html('<table class="{}">{}</table>', css, content)
    if not region:
        return inner
    return format_html('<div class="scroll" tabindex="0" role="region" aria-label="{}">{}</div>', shown(region), inner)


@register.simple_tag
def due_item(when, big, small, title, text="", url="", action="", state=""):
    """One line of <ul class="due">: the time for machines and as it reads, what it is, where to go. `state` is now, late or nothing."""
    return format_html(
        '<li class="{}"><time{}><b>{}</b>{}</time><div><h3>{}{}</h3>{}</div>{}</li>',
        state or "",
        format_html(' datetime="{}"', template_localtime(when).isoformat()) if when else "",
        shown(big),
        shown(small),
        title,
        format_html(" {}", badge(_("Overdue"), "bad")) if state == "late" else "",
        format_html("<p>{}</p>", text) if text else "",
        format_html(GO_ON, " go" if state else "", url, action, title) if url else "",
    )


@register.simple_tag
def list_cell(cell):
    """What stands in one cell of a list. In Python, since a page has hundreds of them and an include costs twice as much."""
    value = cell.value
    if cell.tone is not None and value != "":
        return format_html("<span{}>{}</span>", NOWRAP if len(str(value)) <= LONG_BADGE else "", badge(value, cell.tone))
    if cell.url:
        return format_html('<a href="{}"{}>{}</a>', cell.url, NOWRAP if cell.is_short else "", shown(value))
    if cell.column.money and value != "":
        return money(value)
    if value is True:
        return icon("check", _("Yes"))
    if value is False:
        return "–"
    return format_html("<span{}>{}</span>", NOWRAP, shown(value)) if cell.is_short and value != "" else shown(value)


@register.simple_tag
def list_cells(cells):
    """A row of a list; its first cell names it."""
    return format_html_join("", "{}", ((_in_table(cell, is_name=not number),) for number, cell in enumerate(cells)))


def _in_table(cell, *, is_name):
    if is_name:
        return format_html('<th scope="row">{}</th>', list_cell(cell))
    css = NUMBER if cell.column.numeric or cell.column.money else ""
    return format_html('<td data-label="{}"{}>{}</td>', cell.column.label, css, list_cell(cell))


@register.simple_tag
def nav_item(item):
    """A place of the side bar or the dock."""
    here = HERE if item["current"] else ""
    return format_html('<a href="{}"{}>{}<span>{}</span></a>', item["url"], here, icon(item["icon"]), item["label"])


@register.filter
def tone(state):
    """The tone of a state, for its badge."""
    return tone_of(state)


@register.filter
def tone_icon(tone):
    return TONE_ICONS.get(str(tone or "").split(" ")[-1], "info")


@register.filter
def money(value, places=None):
    """Yuan: ¥5,400, or ¥5,400.50 where there are fen; nothing is a dash."""
    if value is None or value == "":
        return "–"
    try:
        amount = Decimal(str(value))
    except InvalidOperation:
        return value
    if places is None:
        places = 0 if amount == amount.to_integral_value() else 2
    sign = "−" if amount < 0 else ""
    return f"{sign}¥{abs(amount):,.{int(places)}f}"


@register.filter
def signed_money(value):
    """A change in yuan, always with its sign: +¥300, −¥300."""
    text = money(value)
    return f"+{text}" if text.startswith("¥") and text != "¥0" else text


@register.filter
def level_name(level):
    """The word for a level, 0 to 3."""
    try:
        return LEVEL_NAMES[int(level or 0)]
    except (KeyError, ValueError, TypeError):
        return level


@register.filter
def level_step(level):
    """The step alone: Level 2."""
    return LEVEL_STEPS.get(int(level or 0), LEVEL_NAMES[0])


@register.filter
def level_label(level):
    """The level in full: Level 2, intermediate; in Chinese its name alone, 中级, since 二级 is read the other way round there."""
    return Level(int(level or 0)).label


@register.filter
def moment(value):
    """Day and time, also of one that a notice holds as text."""
    return days.moment(value)


@register.filter
def hours_to(begin, end):
    """From one time of a day to another."""
    return days.hours(begin, end)


@register.filter
def initial(name):
    """The sign for a person: the first character of the name."""
    return str(name or "").strip()[:1].upper() or "?"


@register.filter
def widget_kind(bound_field):
    """How `components/field.html` should lay a field out: tick, choices, file or control."""
    kind = bound_field.widget_type
    if kind == "checkbox":
        return "tick"
    if kind in {"radioselect", "checkboxselectmultiple"}:
        return "choices"
    return "file" if "file" in kind else "control"


@register.filter
def joined(values, separator=" · "):
    """The parts that are there, with a dot between them."""
    return format_html("{}", separator).join(conditional_escape(value) for value in values if value)


@register.filter(name="listed")
def listed_filter(values, path=""):
    """The items of a list, by the separator of the language; `path` names what is shown of each, dots go deeper."""
    return listed(attrgetter(path)(value) if path else value for value in values)
