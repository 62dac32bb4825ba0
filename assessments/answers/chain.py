"""The chain of an answer sheet: whoever changes, adds or takes out a row has to make every later one anew.

    digest = sha256(sheet/version/sequence/microseconds/response as JSON)          what this row says
    chain  = sha256(chain of the row before, or nothing + digest)                  and that it came after the others

The response itself may be blanked by an erasure; its digest stays, and with it the chain. The statement that saves computes the
same in SQL.
"""

import json
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import NamedTuple

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Link(NamedTuple):
    digest: str
    chain: str


def as_text(response):
    """The one way in which a response is written as JSON."""
    return json.dumps(response)


def microseconds(moment):
    return (moment - EPOCH) // timedelta(microseconds=1)


def digest_of(*, sheet, version, sequence, saved_at, response):
    """`sheet` and `version` are keys."""
    return _hash(f"{sheet}/{version}/{sequence}/{microseconds(saved_at)}/{as_text(response)}")


def link(before, **row):
    """The digest and chain of a row that follows the one whose chain is `before`; "" for the first."""
    digest = digest_of(**row)
    return Link(digest, _hash(before + digest))


def follows(before, digest, chain):
    return chain == _hash(before + digest)


def _hash(text):
    return sha256(text.encode()).hexdigest()
