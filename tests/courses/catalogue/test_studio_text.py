"""Text in the studio: at each of its doors folded as elsewhere, what cannot be kept refused where it stands; found inside words again."""

import io
import pkgutil
from importlib import import_module

import pytest
import wagtail
from django import forms
from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.blocks import FieldBlock
from wagtail.documents import get_document_model
from wagtail.documents.forms import get_document_form
from wagtail.images import get_image_model
from wagtail.images.forms import get_image_form
from wagtail.models import get_page_models
from wagtail.rich_text import RichText
from wagtail.snippets.models import get_snippet_models
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield
from wagtail_localize.models import StringTranslation, Translation, TranslationSource

from courses.catalogue.actions import open_catalogue
from courses.catalogue.blocks import LessonBody
from courses.catalogue.models import LessonPage, Topic
from lms.common.typed import AddressField, Folding
from lms.common.wagtail_hooks import WRITTEN_OUT, blocks_of, streams
from tests.each import each
from tests.factories import make_course, make_employee, make_lesson, make_question

pytestmark = pytest.mark.filterwarnings(
    "ignore:Exception ignored in. <function SpooledTemporaryFile:pytest.PytestUnraisableExceptionWarning"
)
BELL = "轮\x07胎"
HIDDEN, PLAIN = "轮\u200b胎 Zoe\u0308\u202e", "轮胎 Zoë"
# What Wagtail's own forms ask for elsewhere than here: passwords pass by, people and rights are kept on our own pages, and these are
# answered with 404 or need an administrator.
ELSEWHERE = {
    "wagtail.admin.forms.auth",
    "wagtail.admin.forms.account",
    "wagtail.users.forms",
    "wagtail.sites.forms",
    "wagtail.embeds.forms",
}

PASS_BY = {"password", "return_url"}  # of a page behind a password


@pytest.fixture
def author(client):
    open_catalogue()
    client.force_login(make_employee("course_author").user)
    return client


def takes_text(field):
    return isinstance(field, forms.CharField) and not isinstance(field, forms.JSONField | forms.URLField)


def unfolded(fields):
    taken = {name: field for name, field in fields.items() if name not in PASS_BY and takes_text(field)}
    return [name for name, field in taken.items() if not isinstance(field, Folding | AddressField)]


def all_blocks():
    return [block for stream in streams() for block in blocks_of(stream)]


def test_every_block_of_every_page_and_record_folds():
    blocks = [block for block in all_blocks() if isinstance(block, FieldBlock) and takes_text(block.field)]
    assert len(blocks) > 10
    assert [block for block in blocks if not isinstance(block.field, Folding)] == []


def model_forms():
    """The forms that the studio makes of pages and records."""
    for model in [*get_page_models(), *get_snippet_models()]:
        handler = model.get_edit_handler() if hasattr(model, "get_edit_handler") else model.snippet_viewset.get_edit_handler()
        yield model, handler.get_form_class()


def test_every_form_of_a_page_or_record_folds():
    checked = each(model_forms())
    assert [(model, unfolded(form.base_fields)) for model, form in checked if unfolded(form.base_fields)] == []
    inner = [inner.form for _model, form in model_forms() for inner in getattr(form, "formsets", {}).values()]
    assert [(form, unfolded(form.base_fields)) for form in inner if unfolded(form.base_fields)] == []


@pytest.mark.django_db
@pytest.mark.parametrize(("model", "form"), [(get_image_model, get_image_form), (get_document_model, get_document_form)])
def test_the_forms_of_pictures_and_documents_fold(model, form):
    fields = form(model())(user=make_employee("course_author").user).fields
    assert {"title", "tags"} <= fields.keys()
    assert unfolded(fields) == []


def written_forms():
    """The forms that stand in Wagtail's source, but for tests and what is used nowhere here."""
    for module in pkgutil.walk_packages(wagtail.__path__, "wagtail."):
        if "forms" in module.name and not {"test", "tests", "contrib"} & set(module.name.split(".")) and module.name not in ELSEWHERE:
            for form in vars(import_module(module.name)).values():
                if isinstance(form, type) and issubclass(form, forms.BaseForm) and form.__module__ == module.name:
                    yield form


def test_every_form_that_wagtail_wrote_out_folds():
    found = [form for form in each(written_forms()) if not issubclass(form, WagtailAdminModelForm)]
    assert set(WRITTEN_OUT) <= set(found)
    unknown = {form.__name__ for form in found if unfolded(getattr(form, "base_fields", {}))}
    assert unknown == set()


BLOCKS = [
    ("steps", {"title": "T", "items": [HIDDEN]}, lambda value: value["items"][0]),
    ("steps", {"title": HIDDEN, "items": ["x"]}, lambda value: value["title"]),
    ("note", {"kind": "tip", "title": "T", "value": HIDDEN}, lambda value: value["value"]),
    ("dialogue", {"lines": [{"speaker": HIDDEN, "text": "x"}, {"speaker": "y", "text": "z"}]}, lambda value: value["lines"][0]["speaker"]),
    ("facts", {"title": "T", "rows": [HIDDEN, "a|b"]}, lambda value: value["rows"][0]),
]


@pytest.mark.parametrize(("name", "given", "of"), BLOCKS)
def test_a_block_keeps_text_without_what_nobody_sees(name, given, of):
    block = LessonBody().child_blocks[name]
    cleaned = of(stream_block(name).clean(stream_block(name).to_python(given)))
    assert cleaned == PLAIN
    assert block.name == name


def stream_block(name):
    return LessonPage._meta.get_field("body").stream_block.child_blocks[name]


def with_bell(value):
    if isinstance(value, dict):
        return {key: with_bell(one) for key, one in value.items()}
    return [with_bell(one) for one in value] if isinstance(value, list) else value.replace(HIDDEN, BELL)


@pytest.mark.parametrize(("name", "given", "of"), BLOCKS)
def test_a_block_refuses_a_control_character_in_a_sentence(name, given, of):
    block = stream_block(name)
    with pytest.raises(ValidationError) as refused:
        block.clean(block.to_python(with_bell(given)))
    assert "U+0007" in str(sentences(refused.value))


def sentences(error):
    """All that a block's error says, however deep."""
    inner = [*getattr(error, "block_errors", {}).values()] if isinstance(getattr(error, "block_errors", None), dict) else []
    inner += [one for one in getattr(error, "block_errors", []) if isinstance(one, ValidationError)]
    inner += [one for one in [getattr(error, "non_block_errors", None)] if one]
    return [*getattr(error, "messages", []), *(sentences(one) for one in inner)]


def test_rich_text_folds_between_its_tags():
    block = stream_block("text")
    assert block.clean(RichText(f'<p class="a">{HIDDEN}\u00a0b</p>')).source == f'<p class="a">{PLAIN}\u00a0b</p>'
    assert block.clean(RichText("<p>\u0338x</p>")).source == "<p>\u0338x</p>"  # with the bracket before it, it would be another sign
    with pytest.raises(ValidationError, match=r"U\+0007"):
        block.clean(RichText(f"<p>{BELL}</p>"))


def lesson_form(lesson, text, title="课文"):
    blocks = [("text", rich_text(f"<p>{text}</p>")), ("note", {"kind": "tip", "title": text, "value": "x"})]
    return nested_form_data(
        {"title": title, "slug": lesson.slug, "minutes": 5, "body": streamfield(blocks), "check_questions": streamfield([]),
         "comments": {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0, "MIN_NUM_FORMS": 0, "MAX_NUM_FORMS": 0}}
    )  # fmt: skip


@pytest.mark.django_db
def test_an_author_reads_the_reason_at_the_block_and_saves_the_rest(author):
    lesson = make_lesson(make_course(lessons=0), "tyres")
    url = reverse("wagtailadmin_pages:edit", args=[lesson.pk])
    answer = author.post(url, lesson_form(lesson, BELL))
    assert answer.status_code == 200
    assert "body" in answer.context["form"].errors
    assert "U+0007" in answer.text
    assert author.post(url, lesson_form(lesson, HIDDEN, title=HIDDEN)).status_code == 302
    saved = LessonPage.objects.get(pk=lesson.pk).get_latest_revision_as_object()
    assert saved.title == PLAIN
    assert PLAIN in saved.body[0].value.source
    assert saved.body[1].value["title"] == PLAIN


def picture():
    file = io.BytesIO()
    Image.new("RGB", (8, 8)).save(file, "PNG")
    return file.getvalue()


FILES = [("wagtailimages:add", "a.png", get_image_model), ("wagtaildocs:add", "a.txt", get_document_model)]


@pytest.mark.django_db
@pytest.mark.parametrize(("door", "name", "model"), FILES)
def test_the_title_and_tags_of_a_file_are_folded(author, door, name, model):
    content = picture() if name.endswith("png") else b"text"
    given = {"collection": "1", "tags": HIDDEN.split()[0]}
    answer = author.post(reverse(door), given | {"title": BELL, "file": SimpleUploadedFile(name, content)})
    assert list(answer.context["form"].errors) == ["title"]
    author.post(reverse(door), given | {"title": HIDDEN, "file": SimpleUploadedFile(name, content)})
    file = model().objects.get()
    assert file.title == PLAIN
    assert [tag.name for tag in file.tags.all()] == [PLAIN.split()[0]]


@pytest.mark.django_db
def test_a_code_is_kept_in_its_plainest_form(author):
    given = {"code": "ｔｙｒｅｓ\u200b-１", "name_zh": "轮胎", "kinds": [], "order": "1"}
    author.post(reverse(Topic.snippet_viewset.get_url_name("add")), given)
    assert Topic.objects.get(name_zh="轮胎").code == "tyres-1"


@pytest.mark.django_db
def test_a_translation_typed_beside_the_page_folds_and_says_why_not(author):
    course = make_course(title="轮胎")
    english = apps.get_model("wagtailcore", "Locale").objects.get(language_code="en")
    source, _new = TranslationSource.get_or_create_from_instance(course)
    translation = Translation.objects.create(source=source, target_locale=english)
    translation.save_target()
    segment = source.stringsegment_set.get(string__data="轮胎")
    url = reverse("wagtail_localize:edit_string_translation", args=[translation.pk, segment.pk])

    def put(value):
        author.put(url, f"value={value}", content_type="application/x-www-form-urlencoded")
        return StringTranslation.objects.get(context=segment.context, locale=english)

    saved = put("Ty\u200bres\u202e")
    assert (saved.data, saved.has_error) == ("Tyres", False)
    saved = put("Ty%07res")
    assert (saved.data, saved.has_error) == ("Ty␇res", True)
    assert "U+0007" in saved.get_error()
    assert not put("Tyres").has_error


# -- looking for words

TITLES = ["客户", "客户来了", "接待客户", "与客户交谈", "大客户", "老客户的车", "Ａ客户", "vip客户"]


@pytest.mark.django_db
@pytest.mark.database
@pytest.mark.parametrize("words", ["客户", "客\u200b户", " 客户 "])
def test_the_page_search_finds_words_inside_titles(author, words):
    for place, title in enumerate(TITLES):
        make_course(f"c{place}", title=title, lessons=0)
    make_course("other", title="轮胎", lessons=0)
    found = author.get(reverse("wagtailadmin_pages:search"), {"q": words}).context["page_obj"].object_list
    assert sorted(page.title for page in found) == sorted(TITLES)
    shelf = open_catalogue()
    listed = author.get(reverse("wagtailadmin_explore", args=[shelf.pk]), {"q": words}).context["page_obj"].object_list
    assert sorted(page.title for page in listed) == sorted(TITLES)
    chosen = author.get(reverse("wagtailadmin_choose_page_search"), {"q": words}).context["pages"]
    assert sorted(page.title for page in chosen) == sorted(TITLES)


@pytest.mark.django_db
@pytest.mark.database
@pytest.mark.parametrize(("words", "titles"), [("A客户", ["Ａ客户"]), ("Ａ客户", ["Ａ客户"]), ("ＶＩＰ客户".lower(), ["vip客户"])])
def test_full_width_and_plain_signs_find_one_another(author, words, titles):
    for place, title in enumerate(TITLES):
        make_course(f"c{place}", title=title, lessons=0)
    found = author.get(reverse("wagtailadmin_pages:search"), {"q": words}).context["page_obj"].object_list
    assert [page.title for page in found] == titles


@pytest.mark.django_db
@pytest.mark.database
@pytest.mark.parametrize(("door", "name", "model"), FILES)
def test_pictures_and_documents_are_found_by_words_inside_titles_and_tags(author, door, name, model):
    size = {"width": 8, "height": 8} if name.endswith("png") else {}
    titled, tagged = (model().objects.create(title=title, file=ContentFile(picture(), name), **size) for title in ("接待客户的图", "轮胎"))
    tagged.tags.add("大客户")
    app = door.partition(":")[0]
    for address in (f"{app}:index", f"{app}_chooser:choose_results"):
        shown = author.get(reverse(address), {"q": "客户"}).text
        assert (titled.title in shown, tagged.title in shown) == (True, True)
        shown = author.get(reverse(address), {"q": "接待客户"}).text
        assert (titled.title in shown, tagged.title in shown) == (True, False)


@pytest.mark.django_db
@pytest.mark.database
def test_the_question_bank_and_the_reference_data_are_found_by_words_inside(author, client):
    make_question(stem_zh="怎样接待客户？", key="a-1")
    make_question(stem_zh="轮胎多深？", key="b-2")
    bank = reverse("wagtailsnippets_questions_question:list")
    for words in ("客户", "Ａ-1".lower(), "a-１"):
        listed = client.get(bank, {"q": words}).context["page_obj"].object_list
        assert [question.key for question in listed] == ["a-1"]
        chosen = client.get(reverse("wagtailsnippetchoosers_questions_question:choose_results"), {"q": words}).text
        assert ("接待客户" in chosen, "轮胎" in chosen) == (True, False)
    Topic.objects.create(code="care", name_zh="关怀客户", name_en="Care")
    listed = client.get(reverse(Topic.snippet_viewset.get_url_name("list")), {"q": "客户"}).context["page_obj"].object_list
    assert [topic.code for topic in listed] == ["care"]
