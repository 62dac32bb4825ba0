from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.questions.kinds.choice.kind import Choice


class Multiple(Choice):
    name = "multiple"
    model_name = "multiplechoice"
    label = gettext_lazy("Multiple choice")
    rule = "multiple-1"
    several = True

    def hint(self, content):
        return _("Choose all that are right. All or nothing: points for exactly the right ones only.")

    def wrong(self, content):
        if len(content["key"]) > 1:
            return [content["key"][:1]]
        return [[option["id"] for option in content["options"]]]
