"""Whether people would, over any number of steps, report to themselves once a table is applied."""

from lms.people.models import Employee


def loops(index):
    """The keys of people in the table who, once it is applied, would stand above themselves, with the loop in words."""
    parents = _parents_above(index) | index.parents
    state, found = {}, {}
    for start in index.parents:
        path, key = [], start
        while key is not None and key not in state:
            state[key] = start
            path.append(key)
            key = parents.get(key)
        if key is not None and state[key] == start and key in path:
            loop = path[path.index(key) :]
            words = " → ".join(number for _group, number in [*loop, key])
            found |= {member: words for member in loop if member in index.rows}
    return found


def _parents_above(index):
    """The managers of managers who are not in the table, one query a level."""
    parents, level, seen = {}, set(index.outside), set()
    while level:
        seen |= level
        people = Employee.objects.filter(pk__in=level).values_list("group_id", "number", "manager_id", "manager__number")
        level = set()
        for group, number, manager_id, manager_number in people:
            parents[group, number.upper()] = (group, manager_number.upper()) if manager_id else None
            if manager_id and manager_id not in seen:
                level.add(manager_id)
    return parents
