from lms.home.navigation import dock_for, sections_for
from lms.notifications.queries import unread_notices_of
from lms.people.permissions import employee_of


def face(request):
    """What the frame of every page shows. One query for a signed-in person: the unread notices."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    employee = employee_of(user)
    sections = sections_for(user, request.path)
    return {
        "nav": sections,
        "dock": dock_for(user, sections),
        "current_employee": employee,
        "current_employee_line": f"{employee.position.name} · {employee.dealer.name}" if employee else "",
        "unread_notices": unread_notices_of(user),
    }
