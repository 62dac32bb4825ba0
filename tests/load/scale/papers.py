"""Theory papers to hand out: drawn once by the product's own rules, then used by many candidates."""

from dataclasses import dataclass

from assessments.exams.drawing import Candidate, Line, draw, option_order, seed_for
from assessments.questions.actions import freeze_versions
from assessments.questions.kinds.registry import kind_of
from assessments.questions.models import Question

DIFFERENT = 40


@dataclass(frozen=True)
class Item:
    version_id: int
    points: int
    option_order: list
    rule: str
    right: list
    wrong: list


@dataclass(frozen=True)
class ReadyPaper:
    seed: int
    items: list[Item]

    @property
    def most(self):
        return sum(item.points for item in self.items)


def ready_papers(blueprint, seed):
    """`DIFFERENT` papers of this blueprint; the seed of each draws it again."""
    lines = [Line(line.topic_id, line.level, line.kind, line.count, line.points) for line in blueprint.lines.all()]
    bank = {
        question.pk: question
        for question in Question.objects.filter(status=Question.Status.APPROVED, in_exams=True, topic__in=[line.topic for line in lines])
    }
    pool = [Candidate(question.pk, question.topic_id, question.level, question.kind) for question in bank.values()]
    seeds = [seed_for(seed, number) for number in range(DIFFERENT)]
    drawn = {one: draw(pool, lines, one) for one in seeds}
    versions = freeze_versions({question.id for paper in drawn.values() for question in paper}, by=None)
    return [ReadyPaper(one, [_item(versions[question.id], question, one) for question in paper]) for one, paper in drawn.items()]


def _item(version, question, seed):
    content = version.content
    order = option_order([option["id"] for option in content.get("options", [])], seed, question.id)
    kind = kind_of(content)
    return Item(version.pk, question.points, order, kind.rule, kind.right(content), kind.wrong(content)[0])
