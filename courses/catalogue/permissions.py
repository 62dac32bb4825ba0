from wagtail.models import CollectionViewRestriction


def may_see(request, collection):
    """Whether every restriction on a collection of files, and on those above it, lets this person in."""
    restrictions = CollectionViewRestriction.objects.filter(collection__in=collection.get_ancestors(inclusive=True))
    return all(restriction.accept_request(request) for restriction in restrictions)
