from lms.accounts.models import User
from lms.common.integrity import alike_in, invariant
from lms.common.typed import folded


@invariant("No two users have sign-in names or e-mail addresses that read alike: neither could sign in")
def names_to_sign_in_differ():
    return alike_in(User, "username", "email")


@invariant("Whoever signs in can type the name: it is kept as the sign-in folds it")
def names_to_sign_in_can_be_typed():
    users = User.objects.order_by("pk").only("pk", "username", "email")
    return (user for user in users.iterator() if any(text != folded(text) for text in (user.username, user.email)))
