"""What a kind of question has to say for itself. Plain functions on the content that a version froze: nothing here asks the database.

Content is `{"kind", "stem": {zh, en}, "explanation": {zh, en}}` and what the kind's model adds, with what is right under "key".
A response is a list of texts or None (see `response.py`). A share is a `Fraction` of the points, 0 to 1.
"""

from fractions import Fraction

from django.apps import apps
from django.utils.functional import Promise

NONE, FULL = Fraction(0), Fraction(1)


class Kind:
    """One kind. Its folder holds this class, the model that its author edits, and the templates named here."""

    name = ""  # in every version's content and on blueprints: 12 letters at most
    model_name = ""  # of the app `questions`
    label: str | Promise = ""  # of its menu in the studio
    fields: tuple[str, ...] = ()  # of the model: what is right
    rule = ""  # how it is marked, with a version of its own: kept with every mark
    control = ""  # template: where one answers
    solution = "kinds/solution.html"  # template: what was given and what is right
    is_mendable = False  # a key that proves wrong can be put right: `key_from` and `rekey` are there
    key_control = ""  # template: where one gives another key; the control where it is none of its own

    @property
    def model(self):
        return apps.get_model("questions", self.model_name)

    # -- from the author

    def fields_of(self, entry):
        """The model's values for a question written as plain text, as in `lms/demo/content`: what is right, without words and topic."""
        raise NotImplementedError

    # -- to the candidate

    def hint(self, content):
        """How it is answered and what counts, said before anyone answers."""
        return ""

    def order(self, content, shuffled):
        """The ids of what stands in another order for each candidate, as `shuffled` (from a list to a list) has them; most have none."""
        return []

    def shown(self, content, language, order=()):
        """What the control needs beside the stem. Never the key."""
        return {}

    def asked(self, content, language, *, order=(), response=None, name=""):
        """What the candidate sees, with what was given so far; `name` is that of the form's field."""
        return {
            "kind": self.name,
            "stem": words(content["stem"], language),
            "hint": self.hint(content),
            "control": self.control,
            "name": name,
            "response": response,
            **self.shown(content, language, order),
        }

    # -- from the candidate

    def note(self, content, response):
        """What is amiss with a response while it can still be mended, as a sentence; "" where nothing is. It is kept either way."""
        return ""

    def mark(self, content, response):
        """The share of the points that a response earns, or None: a person has to mark it."""
        raise NotImplementedError

    # -- afterwards

    def in_words(self, content, response, language):
        """A response, or the key, as a person reads it."""
        raise NotImplementedError

    def right(self, content):
        """The response that earns all of the points."""
        raise NotImplementedError

    def key_from(self, content, response):
        """The part of content that makes this response the right one. Raises ValueError where it can be none."""
        raise NotImplementedError

    def rekey(self, question, part):
        """Let the author's `question`, a model's instance, have this part of content as its own. It is not saved here."""
        raise NotImplementedError

    def key_in_words(self, content, language):
        return self.in_words(content, self.right(content), language)

    def wrong(self, content):
        """Responses that earn nothing: what the people of the demo give where they do not know."""
        raise NotImplementedError

    def solved(self, content, language, *, order=(), response=None):
        """The question with what was given, what is right and why: only for those who may see the key."""
        return {
            **self.asked(content, language, order=order, response=response),
            "solution": self.solution,
            "explanation": words(content["explanation"], language),
            "answer": " / ".join(self.key_in_words(one, language) for one in accepted(content)),
            "given": self.in_words(content, response, language) if response else "",
        }


def accepted(content):
    """The content once for each answer that is right: itself, and with each that was mended to be right as well (see `mending.py`)."""
    return [content, *({**content, **part} for part in content.get("also", ()))]


def words(texts, language):
    """The text in `language`; the other one where it is empty."""
    zh, en = texts.get("zh", ""), texts.get("en", "")
    return (zh or en) if language.startswith("zh") else (en or zh)
