from lms.people.choices import Role
from lms.people.roles import AT_A_DEALER, LEADERS, LEARNERS, allow

allow("learning.take_courses", to=[*AT_A_DEALER, *LEARNERS, Role.AUTHOR])
allow("learning.enrol_others", to=LEADERS)
