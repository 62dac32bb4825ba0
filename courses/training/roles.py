from lms.people.choices import Role
from lms.people.roles import AT_A_DEALER, LEADERS, ORGANISERS, allow

allow("training.attend_sessions", to=[*AT_A_DEALER, Role.INTERN])
allow("training.view_board", to=[*LEADERS, Role.WATCHER])
allow("training.open_programmes", to=[*ORGANISERS, Role.GENERAL_MANAGER, Role.HR])
allow("training.organise_sessions", to=ORGANISERS)
