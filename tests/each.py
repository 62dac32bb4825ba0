"""Loops that cannot pass for want of something to look at."""


def each(collection):
    """The members as a list, of which there is at least one: an assertion about each of none says nothing."""
    members = list(collection)
    assert members, "there is nothing to look at here, so this would have passed whatever the product does"
    return members
