from django.dispatch import Signal

# Sent after the commit that published a cycle, with `cycle_id`. The fast path only: `Cycle.followed_up_at` is the guarantee.
cycle_published = Signal()
