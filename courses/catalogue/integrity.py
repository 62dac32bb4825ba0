from courses.catalogue.models import Topic
from lms.common.integrity import alike_in, invariant


@invariant("No two topics have codes that read alike")
def codes_of_topics_differ():
    return alike_in(Topic, "code")
