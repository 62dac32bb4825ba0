"""What single and multiple choice have in common."""

from assessments.questions.kinds.kind import FULL, NONE, Kind, accepted, words


class Choice(Kind):
    fields = ("options",)
    control = "kinds/choice/control.html"
    solution = "kinds/choice/solution.html"
    several = False
    is_mendable = True

    def fields_of(self, entry):
        options = [
            ("option", {"text_zh": one["zh"], "text_en": one["en"], "correct": one["correct"], "last": one.get("last", False)})
            for one in entry["options"]
        ]
        return {"options": options}

    def order(self, content, shuffled):
        """Those that stay last do so as their author has them."""
        options = content["options"]
        return shuffled([one["id"] for one in options if not one.get("last")]) + [one["id"] for one in options if one.get("last")]

    def shown(self, content, language, order=()):
        options = {option["id"]: option for option in content["options"]}
        placed = [one for one in order if one in options] or list(options)
        return {"several": self.several, "options": [{"id": one, "text": words(options[one], language)} for one in placed]}

    def asked(self, content, language, *, order=(), response=None, name=""):
        shown = super().asked(content, language, order=order, response=response, name=name)
        for option in shown["options"]:
            option["chosen"] = option["id"] in (response or ())
        return shown

    def mark(self, content, response):
        return FULL if set(response or ()) == set(content["key"]) else NONE

    def in_words(self, content, response, language):
        chosen = response or ()
        return " · ".join(words(option, language) for option in content["options"] if option["id"] in chosen)

    def right(self, content):
        return content["key"]

    def key_from(self, content, response):
        key = [option["id"] for option in content["options"] if option["id"] in response]
        if not key or len(key) != len(response) or (len(key) > 1 and not self.several):
            raise ValueError(response)
        return {"key": key}

    def rekey(self, question, part):
        for number, option in enumerate(question.options, start=1):
            option.value["correct"] = str(number) in part["key"]

    def solved(self, content, language, *, order=(), response=None):
        shown = super().solved(content, language, order=order, response=response)
        for option in shown["options"]:
            option["right"] = any(option["id"] in one["key"] for one in accepted(content))
        return shown
