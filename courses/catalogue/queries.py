from courses.catalogue.models import Topic


def topics_for(kind):
    """The topics that serve a kind of training programme. Two statements: there are some dozens of topics, and no database lists alike."""
    serving = [pk for pk, kinds in Topic.objects.values_list("pk", "kinds") if kind in kinds]
    return Topic.objects.filter(pk__in=serving)
