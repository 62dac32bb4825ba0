"""A page's forms as a browser without JavaScript would send them."""

from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass
class PageForm:
    """One form: where it goes, what it sends as it stands, and whether someone can see it without opening anything."""

    action: str
    method: str
    data: dict = field(default_factory=dict)
    is_open: bool = True

    def put(self, name, value):
        self.data.setdefault(name, []).append(value)


class _Reader(HTMLParser):
    def __init__(self, at):
        super().__init__()
        self.at, self.forms, self.form, self.open = at, [], None, []
        self.select = self.text = self.option = None

    def handle_starttag(self, tag, pairs):
        values = dict(pairs)
        if tag == "details":
            self.open.append("open" in values)
        elif tag == "form":
            self.form = PageForm(values.get("action") or self.at, values.get("method", "get").lower(), is_open=all(self.open))
            self.forms.append(self.form)
        elif self.form is None:
            return
        elif tag == "input" and values.get("name") and values.get("type") not in ("submit", "file"):
            if values.get("type") not in ("checkbox", "radio") or "checked" in values:
                self.form.put(values["name"], values.get("value") or "")
        elif tag == "textarea":
            self.text = (values["name"], [])
        elif tag == "select":
            self.select, self.option = [values["name"], None], None
        elif tag == "option" and self.select and ("selected" in values or self.select[1] is None):
            self.select[1] = values.get("value", "")

    handle_startendtag = handle_starttag

    def handle_data(self, words):
        if self.text:
            self.text[1].append(words)

    def handle_endtag(self, tag):
        if tag == "details":
            self.open.pop()
        elif tag == "form":
            self.form = None
        elif tag == "textarea" and self.text and self.form:
            words = "".join(self.text[1])
            self.form.put(self.text[0], words.removeprefix("\n"))
            self.text = None
        elif tag == "select" and self.select and self.form:
            self.form.put(self.select[0], self.select[1] or "")
            self.select = None


def forms_of(response):
    reader = _Reader(response.wsgi_request.get_full_path())
    reader.feed(response.content.decode())
    return reader.forms


def form_at(response, path):
    """The one form of the page that goes there."""
    (found,) = [form for form in forms_of(response) if form.action == path and form.method == "post" and form.data]
    return found


def filled(response, path, **typed):
    """What the form of the page sends, with these fields typed into."""
    return form_at(response, path).data | typed
