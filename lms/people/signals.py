from django.dispatch import Signal

# Something was done to a signer by two people. Sent after the commit, with `proposal_id`.
signer_changed = Signal()

# Lines were added to people's history: they came, moved, left, changed. Sent after the commit, with `employee_ids`.
people_changed = Signal()
