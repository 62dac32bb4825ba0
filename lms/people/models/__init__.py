from lms.people.models.coming import ComingChange
from lms.people.models.employees import Employee
from lms.people.models.history import EmploymentEvent, Leave
from lms.people.models.places import Brand, Dealer, DealerGroup, Department, Holiday, Position
from lms.people.models.proposals import Proposal

__all__ = [
    "Brand", "ComingChange", "Dealer", "DealerGroup", "Department", "Employee", "EmploymentEvent", "Holiday", "Leave", "Position",
    "Proposal",
]  # fmt: skip
