from django.utils.translation import gettext_lazy as _

from assessments.questions.kinds.choice.kind import Choice


class Single(Choice):
    name = "single"
    model_name = "singlechoice"
    label = _("Single choice")
    rule = "single-1"

    def wrong(self, content):
        return [[option["id"]] for option in content["options"] if option["id"] not in content["key"]]
