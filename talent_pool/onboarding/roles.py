from lms.people.choices import Role
from lms.people.roles import HR_ROLES, LEADERS, ORGANISERS, allow

allow("onboarding.sign_off", to=[Role.MENTOR])
allow("onboarding.name_mentors", to=HR_ROLES)
allow("onboarding.view_taskbook", to=LEADERS)
allow("onboarding.open_task_books", to=[*ORGANISERS, *HR_ROLES])
