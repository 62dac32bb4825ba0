"""Pictures of the floor as SVG: how full stations are over the weeks, and who is where when. Plain data in, safe markup out."""

from dataclasses import dataclass
from datetime import date

from django.utils.html import format_html, format_html_join

MARKS = 4  # colours of a chart; a station after the fourth has the first again, and its name is in the bar
LABEL, ROW, HEAD, CELL = 132, 34, 26, 48
WIDE, NARROW = 13, 7.5  # a Chinese and a Latin character


@dataclass(frozen=True)
class Cell:
    """`used` of `capacity` places in one week; `says` is the cell in words, for who hears it."""

    used: int
    capacity: int
    url: str
    says: str


@dataclass(frozen=True)
class Bar:
    first: date
    last: date
    label: str
    mark: int
    url: str
    says: str
    is_wrong: bool = False


def clipped(text, width):
    """As much of a text as fits."""
    room, kept = width, ""
    for sign in str(text):
        room -= NARROW if sign.isascii() else WIDE
        if room < 0:
            return kept[:-1] + "…" if kept else ""
        kept += sign
    return kept


def heat_map(title, weeks, rows):
    """`weeks` are the words above the columns, `rows` [(name of a station, [`Cell`, …])]."""
    width, height = LABEL + CELL * len(weeks), HEAD + ROW * len(rows)
    heads = format_html_join("", '<text x="{}" y="16" text-anchor="middle">{}</text>', ((_middle(n), week) for n, week in enumerate(weeks)))
    body = format_html_join("", "{}", ((_heat_row(number, name, cells),) for number, (name, cells) in enumerate(rows)))
    return _picture(title, width, height, heads, body)


def _middle(number):
    return LABEL + CELL * number + CELL / 2


def _heat_row(number, name, cells):
    top = HEAD + ROW * number
    label = format_html('<text x="0" y="{}">{}</text>', top + 21, clipped(name, LABEL - 8))
    return label + format_html_join("", "{}", ((_heat_cell(column, top, cell),) for column, cell in enumerate(cells)))


def _heat_cell(column, top, cell):
    left = LABEL + CELL * column
    share = min(1, cell.used / cell.capacity) if cell.capacity else 1
    mark = "mark-3" if cell.used > cell.capacity else "mark-1"
    return format_html(
        '<a href="{}"><title>{}</title><rect class="mark-0" x="{}" y="{}" width="{}" height="{}" rx="4"/>'
        '<rect class="{}" fill-opacity="{}" x="{}" y="{}" width="{}" height="{}" rx="4"/>'
        '<text class="value" x="{}" y="{}" text-anchor="middle">{}/{}</text></a>',
        cell.url, cell.says, left + 1, top + 2, CELL - 2, ROW - 4,
        mark, f"{share * 0.45:.2f}", left + 1, top + 2, CELL - 2, ROW - 4,
        left + CELL / 2, top + 22, cell.used, cell.capacity,
    )  # fmt: skip


def rotation_chart(title, weeks, rows, *, first, last, today=None):
    """`weeks` are [(Monday, words)], `rows` [(name of an intern, [`Bar`, …])], from the first day to the last."""
    days = (last - first).days + 1
    a_day = max(7.0, min(CELL * 8, 640 / days)) if days else CELL
    width, height = LABEL + a_day * days, HEAD + ROW * len(rows)

    def at(day):
        return round(LABEL + a_day * (day - first).days, 1)

    heads = format_html_join(
        "",
        '<line class="grid-line" x1="{0}" x2="{0}" y1="20" y2="{1}"/><text x="{2}" y="14">{3}</text>',
        ((at(max(monday, first)), height, at(max(monday, first)) + 2, words) for monday, words in weeks),
    )
    body = format_html_join("", "{}", ((_bar_row(number, name, bars, at, a_day),) for number, (name, bars) in enumerate(rows)))
    now = ""
    if today and first <= today <= last:
        now = format_html('<line class="target" x1="{0}" x2="{0}" y1="20" y2="{1}"/>', at(today), height)
    return _picture(title, width, height, heads, body, now)


def _bar_row(number, name, bars, at, a_day):
    top = HEAD + ROW * number
    label = format_html('<text x="0" y="{}">{}</text>', top + 21, clipped(name, LABEL - 8))
    return label + format_html_join("", "{}", ((_bar(bar, top, at(bar.first), at(bar.last) + a_day),) for bar in bars))


def _bar(bar, top, left, right):
    mark, width = f"mark-{bar.mark % MARKS + 1}", round(right - left - 2, 1)
    wrong = format_html('<line class="target" x1="{}" x2="{}" y1="{}" y2="{}"/>', left, left + width, top + ROW - 3, top + ROW - 3)
    return format_html(
        '<a href="{}"><title>{}</title><rect class="{}" fill-opacity="0.22" x="{}" y="{}" width="{}" height="{}" rx="3"/>'
        '<rect class="{}" x="{}" y="{}" width="4" height="{}" rx="2"/><text class="value" x="{}" y="{}">{}</text>{}</a>',
        bar.url, bar.says, mark, left, top + 3, width, ROW - 7, mark, left, top + 3, ROW - 7,
        left + 9, top + 21, clipped(bar.label, width - 12), wrong if bar.is_wrong else "",
    )  # fmt: skip


def _picture(title, width, height, *parts):
    inside = format_html_join("", "{}", ((part,) for part in parts))
    return format_html(
        '<svg class="wide" viewBox="0 0 {0} {1}" width="{0}" height="{1}" role="group" aria-label="{2}">{3}</svg>',
        round(width),
        height,
        title,
        inside,
    )
