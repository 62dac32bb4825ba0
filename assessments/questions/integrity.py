from assessments.questions.models import Question
from lms.common.integrity import alike_in, invariant


@invariant("No two questions have keys that read alike")
def keys_differ():
    return alike_in(Question, "key")
