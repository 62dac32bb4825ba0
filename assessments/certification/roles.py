from lms.people.roles import HR_ROLES, allow

allow("certification.manage_certificates", to=HR_ROLES)
