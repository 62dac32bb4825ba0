from lms.common.registries import GROWTH, NARROW, PERSON, WIDE, panel


@panel("components/notice.html", order=5, sees=lambda user, person: user.has_perm("people.manage_people"), on={PERSON: WIDE})
def tyres(person, user, at):
    return {"title": f"Tyres of {person.name}"}


@panel("components/notice.html", order=5, sees=lambda user, person: True, on={GROWTH: NARROW})
def nothing(person, user, at):
    return None
