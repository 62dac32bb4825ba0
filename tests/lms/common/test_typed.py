"""Text at the door: what is folded, what is kept as typed, what is refused, and that every door does it alike."""

import io
import re
import unicodedata
from pathlib import Path

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import translation
from hypothesis import assume, given
from hypothesis import strategies as st
from openpyxl import load_workbook

from lms.common.spreadsheets import csv_bytes, read_rows, xlsx_bytes
from lms.common.typed import CodeField, NameField, TextField, control_of, folded, line, prose, shown, why_not_name
from lms.people.models import Employee
from tests.each import each
from tests.factories import PASSWORD, make_employee, make_position

ROOT = Path(__file__).parents[3]
ROOMS = ("lms", "courses", "assessments", "talent_pool")
ANY = st.text(st.characters(codec=None), max_size=30)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("王\u200b芳", "王芳"),
        ("\ufeff李雷", "李雷"),
        ("\u202e芳王", "芳王"),
        ("  张 \u3000 三 ", "张 三"),
        ("Zoe\u0308", "Zoë"),
        ("Ａ店", "Ａ店"),
        ("soft\u00adhyphen", "softhyphen"),
        ("👨\u200d🔧", "👨\u200d🔧"),
        ("a\u200db", "ab"),
        ("\u3164", ""),
    ],
)
def test_a_line_is_kept_as_typed_without_what_nobody_sees(typed, kept):
    assert line(typed) == kept


@pytest.mark.parametrize(("typed", "same"), [("Ａ１０３", "A103"), (" a\u200b1\u00a0", "a1"), ("①", "1"), ("ﾃｽﾄ", "テスト")])
def test_a_code_is_compared_in_its_plainest_form(typed, same):
    assert folded(typed) == same


@given(text=ANY)
def test_folding_twice_is_folding_once(text):
    assert line(line(text)) == line(text)
    assert prose(prose(text)) == prose(text)
    assert folded(folded(text)) == folded(text)
    assert not any(unicodedata.category(sign) == "Cf" for sign in prose(text).replace("\u200d", ""))


@given(text=ANY)
def test_a_name_that_is_taken_can_be_seen_and_stands_in_every_file(text):
    assume(not why_not_name(text))
    name = line(text)
    assert name.strip()
    for content in (csv_bytes(["a"], [[name]]), xlsx_bytes(["a"], [[name]])):
        assert list(read_rows(content, "x"))[1:] == [[name]]


@given(text=ANY)
def test_no_text_however_old_breaks_a_file(text):
    load_workbook(io.BytesIO(xlsx_bytes(["a"], [[text]])))
    assert csv_bytes(["a"], [[text]])


def test_a_file_names_the_sign_that_it_cannot_hold():
    assert shown("李\x07雷\x7f\uffff") == "李␇雷␡\ufffd"
    content = xlsx_bytes(["a"], [["李\x07雷"]])
    assert load_workbook(io.BytesIO(content)).active["A2"].value == "李␇雷"


@pytest.mark.parametrize(
    ("text", "sign"), [("a\x07", "U+0007"), ("\x00", "U+0000"), ("\x9f", "U+009F"), ("\ud800", "U+D800"), ("a\n\tb", "")]
)
def test_a_control_character_is_named(text, sign):
    assert control_of(text) == sign


@pytest.mark.parametrize("name", ["", " \u3000", "\u200b\u200b", "\u2800", "#N/A", "#ref!", "李\x07雷", "张\ufffd"])
def test_what_nobody_can_be_called_is_refused_in_both_languages(name):
    for language in ("en", "zh-hans"):
        with translation.override(language):
            said = why_not_name(name)
            assert said
            assert bool(re.search("[一-鿿]", said.replace(line(name), "") if line(name) else said)) == (language == "zh-hans")


class Form(forms.Form):
    name = NameField()
    number = CodeField(required=False)
    text = TextField(required=False, widget=forms.Textarea)


def test_a_form_folds_and_refuses_at_the_field():
    form = Form({"name": " 王\u200b  芳", "number": "Ａ１", "text": "一行\r\n二\u202e行"})
    assert form.is_valid()
    assert form.cleaned_data == {"name": "王 芳", "number": "A1", "text": "一行\r\n二行"}
    for name in ("\u200b", "\x07", "#N/A"):
        form = Form({"name": name})
        assert list(form.errors) == ["name"]


def test_a_password_is_left_as_it_is():
    assert forms.CharField(widget=forms.PasswordInput, strip=False).clean("Ａ\u200b １") == "Ａ\u200b １"


def test_no_form_or_filter_of_ours_takes_text_by_another_door():
    sources = [path for room in ROOMS for path in (ROOT / room).rglob("*.py") if "migrations" not in path.parts]
    other = re.compile(r"forms\.(CharField|EmailField|SlugField|RegexField)\b|django_filters\.CharFilter")
    # `shown` carries what a page showed, to the letter: folded, it would never be the same as what stands there.
    allowed = {ROOT / name for name in ("lms/common/typed.py", "lms/common/shown.py", "lms/home/templatetags/styleguide.py")}
    assert [str(path.relative_to(ROOT)) for path in each(sources) if path not in allowed and other.search(path.read_text())] == []


@pytest.mark.django_db
def test_the_studios_forms_fold_as_ours_do(client):
    client.force_login(make_employee("group_hr").user)
    url = reverse("wagtailsnippets_people_department:add")
    given = {"code": "tyres", "name_zh": "轮胎\u200b部", "name_en": "Tyres\u202e", "order": "1"}
    answer = client.post(url, given | {"name_zh": "轮胎\x07"})
    assert list(answer.context["form"].errors) == ["name_zh"]
    client.post(url, given)
    from lms.people.models import Department

    one = Department.objects.get(code="tyres")
    assert (one.name_zh, one.name_en) == ("轮胎部", "Tyres")


@pytest.mark.django_db
def test_signing_in_and_looking_for_someone_fold_as_the_record_did(client):
    person = make_employee(number="A103", name="王芳")
    assert client.login(
        username="Ａ１０３\u200b",
        password=PASSWORD,
    )
    make_position("technician")
    client.force_login(make_employee("hr_officer", dealer=person.dealer).user)
    for words in ("Ａ103", "王\u200b芳", " a103 "):
        page = client.get(reverse("people"), {"q": words})
        assert [row["row"].pk for row in page.context["list"].rows] == [person.pk]


@pytest.mark.django_db
def test_no_name_without_a_visible_sign_comes_in_by_the_form_or_by_a_correction(client):
    hr = make_employee("hr_officer")
    person = make_employee(dealer=hr.dealer, name="王芳")
    client.force_login(hr.user)
    answer = client.post(reverse("person_act", args=[person.pk, "details"]), {"name": "\u200b", "hired_on": person.hired_on})
    assert answer.status_code == 200
    assert "name" in answer.context["form"].errors
    assert Employee.objects.get(pk=person.pk).name == "王芳"


def test_a_text_field_says_why():
    with pytest.raises(ValidationError, match=r"U\+0007"):
        TextField().clean("a\x07")
