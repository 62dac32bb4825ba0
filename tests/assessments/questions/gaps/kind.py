"""A fifth kind of question, as somebody may bring it: a text with gaps, each worth its part of the points."""

from fractions import Fraction

from assessments.questions.kinds.kind import Kind


class Gaps(Kind):
    name = "gaps"
    model_name = "gaptext"
    label = "Gap text"
    fields = ("words",)
    rule = "gaps-1"
    control = "gaps/control.html"

    def fields_of(self, entry):
        return {"words": "\n".join(entry["words"])}

    def hint(self, content):
        return "Each gap counts for itself."

    def shown(self, content, language, order=()):
        return {"gaps": range(1, len(content["key"]) + 1)}

    def mark(self, content, response):
        right = sum(given == wanted for given, wanted in zip(response, content["key"], strict=False))
        return Fraction(right, len(content["key"]))

    def in_words(self, content, response, language):
        return " / ".join(response)

    def right(self, content):
        return content["key"]

    def wrong(self, content):
        return [["?"] * len(content["key"])]
