"""What was given to a question, in one shape for every kind and every door: a list of texts, as the fields of a form hold it.

A choice is `["2"]`, several are `["1", "3"]`, a statement is `["true"]` or `["false"]`, a number is what was typed, `["3,2 mm"]`; a kind
with several fields has a text for each, in their order. None: nothing was given.
"""

from lms.common.typed import prose


def response_of(raw):
    """A response from what a form, a script or version 0.1 sent. Raises ValueError for what can be none."""
    values = raw if isinstance(raw, list) else [raw]
    texts = [_text(value) for value in values]
    return texts if any(texts) else None


def _text(value):
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (str, int, float)):
        return prose(str(value)).strip()
    raise ValueError("A response is made of texts.")
