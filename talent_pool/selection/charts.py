"""The pictures of selection as SVG: plain functions from numbers to safe markup. Bars are links; their numbers stand beside them."""

from dataclasses import dataclass

from django.utils.html import format_html, format_html_join

WIDTH, LABEL, NUMBER, ROW, BAR = 420, 120, 40, 30, 20
ROOM = WIDTH - LABEL - NUMBER


@dataclass(frozen=True)
class Bar:
    """`target` is a mark to reach, such as a quota; `url` where the bar opens to."""

    label: str
    value: int
    url: str = ""
    target: int | None = None


def width_of(value, most):
    """Of a bar, in units of the picture; something is to be seen of whatever is not nothing."""
    return 0 if not value or not most else max(2, round(ROOM * value / most))


def bars(title, rows):
    """Horizontal bars one below the other."""
    most = max((max(row.value, row.target or 0) for row in rows), default=0)
    parts = format_html_join("", "{}", ((_bar(row, at, most),) for at, row in enumerate(rows)))
    head = '<svg viewBox="0 0 {} {}" role="img"><title>{}</title>{}<line class="axis" x1="{}" x2="{}" y1="0" y2="{}"/></svg>'
    height = ROW * len(rows)
    return format_html(head, WIDTH, height, title, parts, LABEL, LABEL, height)


def _bar(row, at, most):
    top, width = at * ROW + (ROW - BAR) // 2, width_of(row.value, most)
    middle = top + BAR - 5
    drawn = format_html(
        '<rect class="mark-1" x="{}" y="{}" width="{}" height="{}" rx="3"/><text class="value" x="{}" y="{}">{}</text>',
        LABEL, top, width, BAR, LABEL + width + 6, middle, row.value,
    )  # fmt: skip
    words = format_html('<text x="{}" y="{}" text-anchor="end">{}</text>', LABEL - 8, middle, row.label)
    inside = format_html("{}{}{}", words, drawn, _target(row, at, most))
    return format_html('<a href="{}">{}</a>', row.url, inside) if row.url else inside


def _target(row, at, most):
    if row.target is None:
        return ""
    x = LABEL + width_of(row.target, most)
    return format_html('<line class="target" x1="{}" x2="{}" y1="{}" y2="{}"/>', x, x, at * ROW + 2, (at + 1) * ROW - 2)
