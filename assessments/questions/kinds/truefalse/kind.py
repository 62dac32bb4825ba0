from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.questions.kinds.kind import FULL, NONE, Kind


class TrueFalse(Kind):
    name = "truefalse"
    model_name = "truefalse"
    label = gettext_lazy("True or false")
    fields = ("answer",)
    rule = "truefalse-1"
    is_mendable = True
    control = "kinds/truefalse/control.html"

    def fields_of(self, entry):
        return {"answer": entry["answer"]}

    def hint(self, content):
        return _("true or false?")

    def mark(self, content, response):
        return FULL if response == self.right(content) else NONE

    def in_words(self, content, response, language):
        return _("True") if response == ["true"] else _("False")

    def right(self, content):
        return ["true"] if content["key"] else ["false"]

    def wrong(self, content):
        return [["false"] if content["key"] else ["true"]]

    def key_from(self, content, response):
        if response not in (["true"], ["false"]):
            raise ValueError(response)
        return {"key": response == ["true"]}

    def rekey(self, question, part):
        question.answer = part["key"]
