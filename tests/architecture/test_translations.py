"""Both languages complete: every text of the source is in both catalogues, translated, not fuzzy, with the same placeholders."""

import ast
import re
import shutil
import subprocess
import sys
from pathlib import Path

import polib
import pytest
from django.core.management import call_command
from django.utils import translation
from django.utils.translation import gettext, trans_real

from tests.each import each

ROOT = Path(__file__).parents[2]
LANGUAGES = ["zh_Hans", "en"]
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")


def catalogue(language, root=ROOT):
    return polib.pofile(str(root / f"lms/locale/{language}/LC_MESSAGES/django.po"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_untranslated_or_fuzzy(language):
    entries = [entry for entry in catalogue(language) if not entry.obsolete]
    assert len(entries) > 500
    assert not [entry.msgid for entry in entries if entry.fuzzy or not entry.translated()]


def test_no_text_to_translate_stands_inside_an_f_string():
    """gettext's collector does not look in there, so the text would be missing from both catalogues and nothing would tell."""
    found = []
    for path in each([path for area in ("lms", "courses", "assessments", "talent_pool") for path in (ROOT / area).rglob("*.py")]):
        strings = [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.JoinedStr)]
        calls = [call for string in strings for call in ast.walk(string) if isinstance(call, ast.Call)]
        found += [
            f"{path.name}:{call.lineno}"
            for call in calls
            if ast.unparse(call.func) in {"_", "gettext", "gettext_lazy", "ngettext", "pgettext"}
        ]
    assert not found


def test_what_a_process_has_read_of_a_catalogue_is_read_anew_once_it_is_compiled():
    """The first `make demo` compiles and fills the database in one process: its titles were English."""
    with translation.override("zh-hans"):
        assert gettext("Sign in") == "登录"
        trans_real._translations["zh-hans"]._catalog = trans_real.TranslationCatalog()
        trans_real._translations["zh-hans"]._fallback = None
        assert gettext("Sign in") == "Sign in"
        call_command("compile_translations", force=True)
        with translation.override("zh-hans"):
            assert gettext("Sign in") == "登录"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_keeps_the_placeholders(language):
    wrong = []
    for entry in catalogue(language):
        wanted = set(PLACEHOLDER.findall(entry.msgid)) | set(PLACEHOLDER.findall(entry.msgid_plural or ""))
        texts = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
        if any(set(PLACEHOLDER.findall(text)) - wanted for text in texts):
            wrong.append(entry.msgid)
        if not entry.msgid_plural and set(PLACEHOLDER.findall(entry.msgstr)) != wanted:
            wrong.append(entry.msgid)
    assert not wrong


def test_chinese_is_chinese():
    """Only names and signs read the same in both languages."""
    same = [entry.msgid for entry in catalogue("zh_Hans") if entry.msgid == entry.msgstr]
    same = [text for text in same if len(PLACEHOLDER.sub("", text)) > 8]
    assert not same


# Chinese signs, and what stands for Chinese words in a text: names, posts, titles.
CHINESE = r"[\u3400-\u9fff\u3001-\u303f\uff01-\uff60]"
HALF_WIDTH = re.compile(rf"{CHINESE}\s?[,;:?!()]|[,;:?!()]\s?{CHINESE}|[sd}}][,;?!]\s?(?:%|{{|{CHINESE})")


def texts_of(entry):
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def test_a_chinese_sentence_has_chinese_punctuation():
    texts = [text for entry in catalogue("zh_Hans") if not entry.obsolete for text in texts_of(entry)]
    assert all(map(HALF_WIDTH.search, each(["停止,数据保留", "%(name)s, %(other)s", "考官 (代)"])))
    assert not [text for text in texts if re.search(CHINESE, text) and HALF_WIDTH.search(text)]


# Words that had two shapes, and the one that stands: a page, its menu and its mail call a thing the same.
RETIRED = {
    "你": "您",
    "我的考评": "我的考试",
    "未获资格": "未获参评资格",
    "未参加考试": "缺考",
    "下一季度": "下季度",
    "阅卷": "评分",
    "晋升一级": "晋级",
    "签署您": "签字",
    "签署的调薪": "签字",
    "待批准": "待审批",
}


def test_a_word_that_was_retired_stands_nowhere():
    texts = [text for entry in catalogue("zh_Hans") if not entry.obsolete for text in texts_of(entry)]
    assert not [(word, text) for word in RETIRED for text in texts if word in text]


def joins_with_a_comma(path):
    """The lines where items are put together with an English separator."""
    calls = [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)]
    for call in calls:
        of = call.func.value if isinstance(call.func, ast.Attribute) and call.func.attr == "join" else None
        if isinstance(of, ast.Constant) and of.value in {", ", "; ", ",", ";"}:
            yield f"{path.relative_to(ROOT)}:{call.lineno}"


# Not for people: SQL, sentences of commands and of faults in the code, which are English, and plain values.
NOT_SHOWN = {
    "assessments/answers/actions.py", "assessments/checks/views.py", "lms/audit/verbs.py", "lms/common/integrity.py",
    "lms/common/triggers.py",
    "lms/common/management/commands/database_grants.py", "lms/environment.py", "lms/people/management/commands/appoint_first_hr.py",
    "lms/people/management/commands/import_employees.py", "talent_pool/pay/apps.py",
}  # fmt: skip


def test_lists_take_their_separator_from_the_language():
    """`listed` and `clauses` of lms.common.bilingual, and the filter of that name: “甲, 乙” is no Chinese."""
    sources = [path for area in ("lms", "courses", "assessments", "talent_pool") for path in (ROOT / area).rglob("*.py")]
    shown = [path for path in sources if str(path.relative_to(ROOT)) not in NOT_SHOWN]
    assert len(shown) > 200
    pages = [path for path in (ROOT / "templates").rglob("*.*") if re.search(r"forloop\.last %}[,;] ", path.read_text(encoding="utf-8"))]
    assert [line for path in shown for line in joins_with_a_comma(path)] + pages == []


@pytest.mark.skipif(not shutil.which("xgettext"), reason="needs the gettext tools")
def test_every_text_of_the_source_is_in_the_catalogues(tmp_path):
    for folder in ("lms", "courses", "assessments", "talent_pool", "templates"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__", "static", "content", "*.mo"))
    shutil.copy(ROOT / "manage.py", tmp_path)
    languages = [word for language in LANGUAGES for word in ("-l", language)]
    command = [sys.executable, "manage.py", "makemessages", *languages, "--no-location", "--no-obsolete", "-v0"]
    result = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    for language in LANGUAGES:
        found = {(entry.msgctxt, entry.msgid) for entry in catalogue(language, tmp_path)}
        assert not found - {(entry.msgctxt, entry.msgid) for entry in catalogue(language)}


def sentences_with_iso_dates(path):
    """The lines where a value put into a translated sentence is a date as data hold it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        is_text = (
            isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod) and re.match(r"(_|gettext|ngettext)\(", ast.unparse(node.left))
        )
        if is_text and re.search(r"isoformat\(|:%Y-%m", ast.unparse(node.right)):
            yield f"{path.relative_to(ROOT)}:{node.lineno}"


def test_no_sentence_says_a_date_as_data_hold_it():
    """2026-11-29 is for files; a sentence says 2026年11月29日 or 29 Nov 2026, by lms.common.days."""
    sources = [path for area in ("lms", "courses", "assessments", "talent_pool") for path in (ROOT / area).rglob("*.py")]
    assert len(sources) > 200
    assert [line for path in sources for line in sentences_with_iso_dates(path)] == []


def test_translations_compile_without_the_gettext_tools(tmp_path, settings):
    folder = tmp_path / "zh_Hans" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    source = folder / "django.po"
    source.write_text('msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "Pay"\nmsgstr "薪酬"\n')
    settings.LOCALE_PATHS = [tmp_path]
    call_command("compile_translations")
    compiled = folder / "django.mo"
    assert polib.mofile(str(compiled)).find("Pay").msgstr == "薪酬"
    before = compiled.stat().st_mtime_ns
    call_command("compile_translations")
    assert compiled.stat().st_mtime_ns == before
    assert [path.name for path in folder.iterdir() if path.name not in {"django.po", "django.mo"}] == []
