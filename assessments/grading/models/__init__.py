from assessments.grading.models.candidates import Candidacy, Finding, MissingSheet, Waiver
from assessments.grading.models.components import Component, ComponentResult, ComponentSitting
from assessments.grading.models.cycles import Cycle
from assessments.grading.models.decisions import LevelDecision
from assessments.grading.models.panels import PanelMember, SeatChange

__all__ = [
    "Candidacy",
    "Component",
    "ComponentResult",
    "ComponentSitting",
    "Cycle",
    "Finding",
    "LevelDecision",
    "MissingSheet",
    "PanelMember",
    "SeatChange",
    "Waiver",
]
