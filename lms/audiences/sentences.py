"""An audience in a sentence, in the reader's language: “Service advisors and service supervisors of Yantai Toyota, levels 1–2,
hired in the last 12 months; also Li Ming”."""

from collections import defaultdict

from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from lms.audiences.conditions import kept
from lms.audiences.rule import DAYS
from lms.people.models import Employee
from lms.people.permissions import people_scope

MOST_NAMED = 6
PLACED = ("dealer", "department", "position", "track", "level")


def sentence_of(rule, user=None):
    """Who is meant. Those who are named are named to `user` as far as they may see them, the others counted; to nobody: all counted."""
    return sentences_of({None: rule}, user)[None]


def sentences_of(rules, user=None):
    """{key: sentence} of {key: rule}. The number of statements does not grow with the rules."""
    words, people = _words(rules.values()), _people(rules.values(), user)
    return {key: _sentence(rule, words, people) for key, rule in rules.items()}


def _words(rules):
    """{condition: {value: its name}} of all that is asked."""
    asked = defaultdict(set)
    for rule in rules:
        for name, values in rule.asked.items():
            asked[name].update(values)
    known = kept()
    return {name: known[name].names(sorted(values)) for name, values in asked.items() if name in known}


def _people(rules, user):
    named = {pk for rule in rules for pk in rule.people}
    if not named or user is None:
        return {}
    found = Employee.objects.filter(people_scope(user), pk__in=named).order_by("dealer__code", "position__order", "number")
    return dict(found.values_list("pk", "name"))


def _sentence(rule, words, people):
    if rule.means_everybody:
        return _("Everyone")
    named = _named(rule.people, people)
    if rule.by_name:
        return named
    said = pgettext("between two conditions", ", ").join(filter(None, [_head(rule, words), *_conditions(rule, words)]))
    return _("%(people)s; also %(named)s") % {"people": said, "named": named} if named else said


def _head(rule, words):
    posts = [_plural(name) for name in _names(rule, words, "position")]
    who = listed([*posts[:1], *map(_lower, posts[1:])], _and()) or _("Staff")
    dealers, departments = (listed(_names(rule, words, name), _and()) for name in ("dealer", "department"))
    place = _("%(department)s, %(dealer)s") % {"department": departments, "dealer": dealers} if dealers and departments else ""
    place = place or dealers or departments
    return _("%(who)s of %(place)s") % {"who": who, "place": place} if place else who


def _conditions(rule, words):
    yield listed([_lower(name) for name in _names(rule, words, "track")], _or())
    yield _levels(rule.asked.get("level", ()))
    yield _since(rule.since) if rule.since else ""
    for name, kind in kept().items():
        if name in rule.asked and name not in PLACED:
            yield str(kind.phrase(_names(rule, words, name)))


def _names(rule, words, name):
    """The names of the values, in their own order; one that is no more is said to be."""
    known, asked = words.get(name, {}), rule.asked.get(name, ())
    return [known[value] for value in known if value in asked] + [_("(no longer there)") for value in asked if value not in known]


def _named(people, known):
    """Those whose names the reader may see, up to so many, and how many more."""
    seen = [name for pk, name in known.items() if pk in people][:MOST_NAMED]
    more = len(people) - len(seen)
    if not more:
        return listed(seen, _and())
    if not seen:
        return ngettext("%(number)s person by name", "%(number)s people by name", more) % {"number": more}
    return _("%(names)s and %(number)s more") % {"names": listed(seen, ""), "number": more}


def _levels(levels):
    """Neighbours are drawn together: not yet graded or levels 1–2."""
    singles = {"1": _("level 1"), "2": _("level 2"), "3": _("level 3")}
    runs = {("1", "2"): _("levels 1–2"), ("2", "3"): _("levels 2–3"), ("1", "2", "3"): _("levels 1–3")}
    graded = tuple(sorted(set(levels) - {"0"}))
    said = [_("not yet graded")] if "0" in levels else []
    return listed(said + ([runs[graded]] if graded in runs else [singles[level] for level in graded]), _or())


def _since(since):
    number = {"least": since.least, "most": since.most}
    if since.least is None:
        return _most(since) % number
    if since.most is None:
        return _least(since) % number
    if since.unit == DAYS:
        return _("hired %(least)s to %(most)s days ago") % number
    return _("hired %(least)s to %(most)s months ago") % number


def _most(since):
    if since.unit == DAYS:
        return ngettext("hired in the last day", "hired in the last %(most)s days", since.most)
    return ngettext("hired in the last month", "hired in the last %(most)s months", since.most)


def _least(since):
    if since.unit == DAYS:
        return ngettext("here for at least a day", "here for at least %(least)s days", since.least)
    return ngettext("here for at least a month", "here for at least %(least)s months", since.least)


def listed(names, last):
    """a, b and c; `last` stands before the last one."""
    comma = pgettext("between two names of a list", ", ")
    if len(names) < 2 or not last:
        return comma.join(names)
    return comma.join(names[:-1]) + last + names[-1]


def _and():
    return pgettext("before the last of a list", " and ")


def _or():
    return pgettext("before the last of a list", " or ")


def _plural(name):
    """A post as said of several people. Chinese has no plural, and a name that nobody translated is left as it is."""
    if (get_language() or "").startswith("zh") or not name.isascii() or not name[-1].isalpha():
        return name
    return name + ("es" if name.endswith(("s", "x", "ch", "sh")) else "s")


def _lower(name):
    """Inside a sentence: HR stays HR."""
    return name if name[1:2].isupper() else name[:1].lower() + name[1:]
