"""Each door is fed text that nobody types in good faith, drawn by hypothesis; what comes of it is a value, a refusal or a page, never an error.

The doors: every field of every form, filters and sorting of every list, signing in, codes, cells of an import, answers, the studio.
"""

import html
import importlib
import inspect
import json
import unicodedata
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wagtail.blocks import FieldBlock
from wagtail.rich_text import RichText
from wagtail.snippets.models import get_snippet_models

from assessments.questions.kinds.registry import kinds
from courses.catalogue.blocks import LessonBody
from lms.accounts.models import User
from lms.common.lists import List
from lms.common.spreadsheets import csv_bytes
from lms.common.typed import Folding, control_of
from lms.common.wagtail_hooks import blocks_of, streams
from lms.common.watching import UnreadableFile
from lms.people.importers import import_employees
from lms.people.importers.columns import HEADERS, TEMPLATE
from tests.architecture.test_access import TABLE, houses  # noqa: F401
from tests.architecture.test_hostile_values import fault, url_of
from tests.each import each
from tests.factories import make_question
from tests.lms.common.hostile_files import cell, row, workbook

ROOT = Path(__file__).parents[2]
ROOMS = ("lms", "courses", "assessments", "talent_pool")
NASTY = [
    "", " ", "\u200b", "\u202e王\u200b芳", "李\x07雷", "a\r\nb", "\x00", "#N/A", "=1+1", "@SUM(1)", "'", '"', "\\", "%", "%(name)s", "{{ 7 }}",
    "<script>", "--", "NaN", "1e999", "-0", "٣", "²", "①", "Ａ１０３", "9" * 400, "2026-13-45", "0000-00-00", "None", "null", "[]", "{}", "\ufffd",
    "\ufdfa" * 30, "e\u0301" * 40, "👨\u200d🔧", "\u0338x", "_x0007_", "\ufeff", "\uffff", "\U0010ffff",
]  # fmt: skip
TEXT = st.one_of(st.sampled_from(NASTY), st.text(max_size=40))  # no halves of pairs: no request can carry them
ANY = st.one_of(TEXT, st.text(st.characters(codec=None), max_size=20))
FEW = settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
SOME = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])


# -- the fields of every form


def our_forms():
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("forms*.py")):
            module = importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
            for form in vars(module).values():
                if inspect.isclass(form) and issubclass(form, forms.BaseForm) and form.__module__ == module.__name__:
                    yield form


def fields():
    """Every field of a form of ours that takes what was typed, but for records, which are chosen from a list that the view fills."""
    for form in our_forms():
        for name, field in form.base_fields.items():
            if not isinstance(field, forms.FileField | forms.ModelChoiceField) and getattr(field, "by", field) is not None:
                yield f"{form.__name__}.{name}", field


FIELDS = list(fields())


def cleaned(field, text):
    """What the field makes of it; None where it refuses."""
    try:
        return field.clean(text)
    except ValidationError:
        return None


@given(text=ANY)
@SOME
def test_every_field_of_every_form_keeps_what_can_be_kept_and_refuses_the_rest(text):
    assert len(FIELDS) > 60
    for _name, field in FIELDS:
        kept = cleaned(field, text)
        texts = kept if isinstance(kept, list) else [kept]
        assert not [one for one in texts if isinstance(one, str) and isinstance(field, Folding) and not is_kept(one)], (_name, kept)


def is_kept(text):
    shown = text.replace("\u200d", "")
    return not control_of(text) and not any(unicodedata.category(sign) == "Cf" for sign in shown)


@given(text=ANY)
@SOME
def test_every_block_of_the_studio_keeps_what_can_be_kept_and_refuses_the_rest(text):
    blocks = [block for stream in streams() for block in blocks_of(stream) if isinstance(block, FieldBlock)]
    typed = [block for block in each(blocks) if isinstance(block.field, Folding)]
    assert len(typed) > 10
    assert LessonBody().child_blocks
    for block in typed:
        value = RichText(html.escape(text)) if isinstance(block.normalize(""), RichText) else text
        try:
            kept = block.clean(value)
        except ValidationError:
            continue
        assert is_kept(getattr(kept, "source", kept)), block.name


# -- filters and sorting of every list


@pytest.fixture(scope="module")
def lists(houses, django_db_blocker):  # noqa: F811
    """(user, address, names of what it can be asked by) of every page with a list of ours."""
    from django.test import Client

    found = []
    with django_db_blocker.unblock():
        for name, (_record, ours, _theirs) in TABLE.items():
            for persona in sorted(ours)[-1:]:
                client, user = Client(), getattr(houses[0], persona).user
                client.force_login(user)
                url = url_of(name, houses[0])
                response = client.get(url)
                for close in response._resource_closers:  # of a file that is sent
                    close()
                shown = getattr(response, "context", None)
                if shown and isinstance(shown.get("list"), List):
                    rows = shown["list"]
                    asked = list(rows.filter.form.fields) if rows.filter else []
                    found.append((user, url, [*asked, "sort", "page", "outcome"]))
    return found


@pytest.mark.django_db
@given(text=TEXT)
@FEW
def test_no_filter_and_no_sorting_of_a_list_stops_at_a_text(lists, client, text):
    assert len(lists) >= 6
    faults = []
    for user, url, names in lists:
        client.force_login(user)
        for query in (
            dict.fromkeys(names, text),
            {f"{name}{part}": text for name in names for part in ("_min", "_max", "_after", "_before")},
        ):
            address = f"{url}?{urlencode(query)}"
            if wrong := fault(lambda address=address: client.get(address)):
                faults.append(f"{url}: {wrong}")
    assert not faults, "\n".join(faults)


# -- signing in, and codes


@pytest.mark.django_db
@pytest.mark.database
@given(text=TEXT, other=TEXT)
@FEW
def test_no_name_and_no_password_stops_the_sign_in(client, text, other):
    for given_ in ({"login": text, "password": other}, {"login": "T1", "password": text}):
        assert not fault(lambda given_=given_: client.post(reverse("account_login"), given_))
    assert not fault(lambda: client.post(reverse("account_reset_password"), {"email": text}))


@pytest.mark.django_db
@given(text=TEXT)
@FEW
def test_no_code_stops_a_page(houses, client, text):  # noqa: F811
    client.force_login(houses[0].owner.user)
    said = quote(text, safe="") or "-"
    for address in (f"/verify/{said}/", f"/training/check-in/{said}/", f"/learn/{said}/", f"/media/{said}"):
        assert not fault(lambda address=address: client.get(address)), address
    url = url_of("exam_start", houses[0])
    assert not fault(lambda: client.post(url, {"code": text, "access_code": text}))


# -- the cells of an import


def hostile_row(data):
    return [data.draw(TEXT) for _name in HEADERS]


@pytest.mark.django_db
@pytest.mark.database
@given(data=st.data())
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_cell_of_a_table_stops_an_import(houses, data):  # noqa: F811
    rows = [hostile_row(data) for _row in range(data.draw(st.integers(1, 3)))]
    sheet = row(*map(cell, TEMPLATE["en"])) + "".join(row(*(cell(html.escape(in_xml(text))) for text in one)) for one in rows)
    for content, name in ((csv_bytes(TEMPLATE["en"], rows), "p.csv"), (raw_csv(rows), "p.csv"), (workbook(sheet), "p.xlsx")):
        with suppress(UnreadableFile):
            outcome = import_employees(content, name, by=houses[0].hr.user, at=timezone.now())
            assert not [refusal for refusal in outcome.refused if not (refusal["reason"] and refusal["column"])]
            json.dumps(outcome.as_dict()).encode()


def raw_csv(rows):
    """As they are, quoted, controls and all."""
    quoted = [",".join('"' + text.replace('"', '""') + '"' for text in one) for one in [TEMPLATE["en"], *rows]]
    return "\r\n".join(quoted).encode()


def in_xml(text):
    """A cell holds a control character only as _x0007_, which readers turn back into it."""
    return "".join(f"_x{ord(sign):04X}_" if ord(sign) < 32 or sign in "\ufffe\uffff" else sign for sign in text)


# -- answers


@pytest.mark.django_db
@given(text=ANY)
@SOME
def test_no_answer_stops_its_marking(text):
    for kind in kinds():
        content = (
            CONTENTS.setdefault(kind.name, None) or CONTENTS.update({kind.name: make_question(kind.name).content}) or CONTENTS[kind.name]
        )
        for response in ([text], [text, text], []):
            kind.note(content, response)
            assert kind.mark(content, response) in (0, 1, None)
            for language in ("zh-hans", "en"):
                kind.asked(content, language, response=response)
                kind.solved(content, language, response=response)


CONTENTS: dict = {}


@pytest.mark.django_db
@pytest.mark.database
@given(text=TEXT, sequence=st.one_of(st.integers(), TEXT))
@FEW
def test_no_answer_stops_its_saving(houses, client, text, sequence):  # noqa: F811
    house = houses[0]
    client.force_login(house.owner.user)
    item = house.paper.items.first().pk
    for body in ({"item": item, "sequence": sequence, "response": [text]}, {"item": text, "sequence": 1, "response": text}):
        for name in ("exam_save", "exam_late", "exam_event"):
            url = reverse(name, args=[house.attempt.pk])
            assert not fault(lambda url=url, body=body: client.post(url, json.dumps(body), content_type="application/json"))
            bare = json.dumps(body, ensure_ascii=False)
            assert not fault(lambda url=url, bare=bare: client.post(url, bare, content_type="application/json"))
    lesson = reverse("lesson_check", args=[house.lesson.pk])
    assert not fault(lambda: client.post(lesson, {"q1": text, "text": text, "sheet": text}))


# -- the studio's forms and searches


@pytest.fixture(scope="module")
def administrator(houses, django_db_blocker):  # noqa: F811
    with django_db_blocker.unblock():
        return User.objects.create_superuser("hostile-root")


@pytest.mark.django_db
@given(text=TEXT)
@settings(max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_text_stops_a_form_or_a_search_of_the_studio(administrator, client, text):
    client.force_login(administrator)
    query = urlencode({"q": text})
    addresses = [reverse(name) for name in ("wagtailadmin_pages:search", "wagtailimages:index", "wagtaildocs:index")]
    for viewset in each(model.snippet_viewset for model in get_snippet_models()):
        addresses.append(reverse(viewset.get_url_name("list")))
        url, posted = reverse(viewset.get_url_name("add")), dict.fromkeys(viewset.get_edit_handler().get_form_class().base_fields, text)
        assert not fault(lambda url=url, posted=posted: client.post(url, posted)), url
    for address in addresses:
        assert not fault(lambda address=address: client.get(f"{address}?{query}")), address
