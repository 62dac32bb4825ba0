from talent_pool.interns.models.placements import BEFORE, HERE, STANDING, Batch, Paper, Pause, Placement
from talent_pool.interns.models.records import Note, WeeklyLog
from talent_pool.interns.models.stations import Rotation, Station

__all__ = ["BEFORE", "HERE", "STANDING", "Batch", "Note", "Paper", "Pause", "Placement", "Rotation", "Station", "WeeklyLog"]
