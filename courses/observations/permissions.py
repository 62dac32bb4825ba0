"""Who may observe whom is the asking room's to say; what holds of every observation is said here."""

from lms.people.permissions import is_self, may_sign


def may_observe(by, observer, subject):
    """Each for themselves, a person at work, and nobody themselves."""
    return may_sign(by) and by.pk == observer.pk and not is_self(by, subject)


def may_answer(by, observation):
    """Whom it is about, and nobody for them."""
    return by is not None and by.is_active and is_self(by, observation.subject)
