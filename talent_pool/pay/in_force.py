"""What pay is in force for someone, by what was last decided (P2, §1). Plain data, no database.

A move decides nothing about pay: what was last decided stays in force until HR decides anew. So pay is of a *place*, a dealer and a track,
which may not be the one where the person works by now.
"""

from datetime import date, timedelta
from typing import NamedTuple

from lms.people.standing import LEFT
from talent_pool.pay.proposals import table_on

BEGINS = {"returned", "became_staff"}  # lines of history that begin employment anew


class Post(NamedTuple):
    """Where someone works from a day on; `track` is empty in a post without a ladder, `line` the number of the line that says it."""

    on: date
    dealer: int
    track: str
    line: int | None = None


class Paid(NamedTuple):
    """The place and level whose band is paid. `until`: the last day there, after which its band stands still; None while it goes on.

    `signed` is the band that two people signed, None where nobody ever did. The day of a move is what one person writes: no day takes
    from under a signed band, or leads past it.
    """

    dealer: int
    track: str
    level: int
    until: date | None = None
    signed: object | None = None


def posts_of(lines, track_of, day):
    """The posts held one after the other up to `day`, since the person last came. `track_of`: {position id: track}."""
    posts, dealer, position = [], None, None
    for line in sorted((line for line in lines if line.on <= day), key=lambda line: (line.on, line.number)):
        dealer = line.dealer if "dealer" in line.says else dealer
        position = line.position if "position" in line.says else position
        if line.kind in BEGINS:
            posts = []
        place = (dealer, track_of.get(position, ""))
        if line.kind != LEFT and None not in place and (not posts or (posts[-1].dealer, posts[-1].track) != place):
            posts.append(Post(line.on, *place, line.number))
    return posts


def paid_on(entries, posts, day):
    """What is `Paid` on `day`, by the person's entries that are decided on, oldest first; None where no post had a ladder yet.

    The newest entry that has begun says it. Without one it is level 0 of the first ladder that the person came to.
    """
    begun = [entry for entry in entries if entry.effective_on <= day]
    if begun:
        band, until = begun[-1].to_band, _until(posts, begun[-1].to_band.table.dealer_id)
        return Paid(band.table.dealer_id, band.track, band.level, until and max(until, begun[-1].effective_on), band)
    first = next((post for post in posts if post.track), None)
    return Paid(first.dealer, first.track, 0, _until(posts, first.dealer)) if first else None


def _until(posts, dealer):
    """The last day at this dealer, where the person works elsewhere by now."""
    there = [number for number, post in enumerate(posts) if post.dealer == dealer]
    if not there or there[-1] == len(posts) - 1 or all(post.dealer == dealer for post in posts[there[-1] :]):
        return None
    return posts[there[-1] + 1].on - timedelta(days=1)


def fits(paid, post):
    """Whether what is paid is of the post that the person has."""
    return paid is None or (paid.dealer, paid.track) == (post.dealer, post.track)


def band_of(paid, tables, day):
    """The band that is in force, of `tables`, all those of the dealer; None where there is none. A signed one gives way to none but the
    same level's of a later table.

    After a move it is what was paid on the last day there. So a move said to lie before a later table's day takes the table of before it,
    whatever was paid in between: HR of the dealer that they go to decides anew from there, and nothing falls below what was signed.
    """
    if paid is None:
        return None
    table = table_on(tables, min(day, paid.until or day))
    if table is None or (paid.signed and table.effective_on <= paid.signed.table.effective_on):
        return paid.signed
    return band_at(table, paid.track, paid.level) or paid.signed


def band_at(table, track, level):
    return next((band for band in table.bands.all() if (band.track, band.level) == (track, level)), None) if table else None
