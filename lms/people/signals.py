from django.dispatch import Signal

# Something was done to a signer by two people. Sent after the commit, with `proposal_id`.
signer_changed = Signal()
