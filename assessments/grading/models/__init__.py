from assessments.grading.models.candidates import Candidacy, Finding, MissingSheet, Waiver
from assessments.grading.models.cycles import Cycle, CycleBasis, CycleSitting
from assessments.grading.models.decisions import LevelDecision
from assessments.grading.models.panels import PanelMember, SeatChange

__all__ = [
    "Candidacy",
    "Cycle",
    "CycleBasis",
    "CycleSitting",
    "Finding",
    "LevelDecision",
    "MissingSheet",
    "PanelMember",
    "SeatChange",
    "Waiver",
]
