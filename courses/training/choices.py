from datetime import timedelta

# T4: material is due so many days before its session; the presenter is reminded so many days before that.
MATERIAL_DUE_DAYS = 2
MATERIAL_REMINDER_DAYS = (7, 2, 0)
# T5: whoever checks in later than this after the start is late.
LATE_AFTER = timedelta(minutes=10)
# T5: how long before its start the room opens, and how long before its end a session is closed without a reason, at most; minutes.
OPENS_BEFORE_MOST = 240
# T5: how long after its end, and on its own day alone, the code of a session is still taken.
CHECK_IN_AFTER = timedelta(minutes=15)
CLOSES_BEFORE_MOST = 60
# T6: what a reflection asks for.
REFLECTION_DUE = timedelta(days=3)
REFLECTION_LEAST = 200
# Technical training is given by senior technicians, who hold this level or have been here so many years, and by the technical supervisor.
SENIOR_LEVEL = 2
SENIOR_YEARS = 3
