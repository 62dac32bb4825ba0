from django.db import models

from assessments.questions.models import Question


class GapText(Question):
    kind = "gaps"
    words = models.TextField("one word a line")

    class Meta:
        app_label = "questions"
        verbose_name = "gap text"
        verbose_name_plural = "gap texts"

    def answer_content(self):
        return {"key": self.words.split("\n")}
