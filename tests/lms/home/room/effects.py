from lms.common.registries import Effect, effect


@effect
def tyres(change, user):
    if change.leaves_dealer:
        yield Effect(f"{change.person.name} holds the key to the tyres", "Somebody else takes it.", "/tyres/")
