from lms.people.roles import HR_ROLES, allow

allow("audit.view_events", to=HR_ROLES)
