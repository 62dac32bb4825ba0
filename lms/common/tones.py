"""The tone of a state's badge, the same on every page. A state that is neither good nor bad news and wants nothing has none."""

STATES = {
    "accent": "approved held in_progress locked marking new offered open placed probation proposed ratified sitting under_way",
    "good": "active closed confirmed countersigned exported handed_in marked passed present published same submitted valid",
    "warn": "applied changed expiring late missed not_noted on_leave skipped waiting",
    "bad": "absent cancelled dropped expired failed not_passed rejected revoked voided",
}
TONES = {state: tone for tone, states in STATES.items() for state in states.split()}


def tone_of(state):
    return TONES.get(str(state), "")
