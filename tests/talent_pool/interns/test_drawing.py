from datetime import date
from xml.etree import ElementTree

from talent_pool.interns.drawing import Bar, Cell, clipped, heat_map, rotation_chart
from tests.each import each

MONDAY = date(2026, 11, 2)


def parts(svg, tag):
    return [one for one in ElementTree.fromstring(svg).iter() if one.tag == tag]


def test_each_cell_says_its_numbers_and_opens_to_the_people():
    cells = [Cell(1, 2, "/s/1?week=a", "机修：1 of 2"), Cell(3, 2, "/s/1?week=b", "机修：3 of 2")]
    svg = heat_map("Stations", ["11-2", "11-9"], [("机修", cells)])
    assert [one.attrib["href"] for one in parts(svg, "a")] == ["/s/1?week=a", "/s/1?week=b"]
    assert [one.text for one in parts(svg, "title")] == ["机修：1 of 2", "机修：3 of 2"]
    assert [one.text for one in parts(svg, "text") if one.attrib.get("class") == "value"] == ["1/2", "3/2"]


def test_more_than_there_is_room_for_has_another_colour():
    svg = heat_map("Stations", ["11-2", "11-9"], [("P", [Cell(2, 2, "", ""), Cell(3, 2, "", "")])])
    marks = [one.attrib["class"] for one in parts(svg, "rect") if one.attrib["class"] != "mark-0"]
    assert marks == ["mark-1", "mark-3"]


def test_bars_follow_their_days():
    bars = [
        Bar(MONDAY, date(2026, 11, 15), "机修", 0, "/r/1", "a"),
        Bar(date(2026, 11, 16), date(2026, 11, 22), "电器", 1, "/r/2", "b", True),
    ]
    svg = rotation_chart("Batch", [(MONDAY, "11-2")], [("学员", bars)], first=MONDAY, last=date(2026, 11, 29), today=date(2026, 11, 10))
    wide = [one for one in parts(svg, "rect") if "fill-opacity" in one.attrib]
    assert float(wide[0].attrib["x"]) + float(wide[0].attrib["width"]) + 2 == float(wide[1].attrib["x"])
    assert float(wide[0].attrib["width"]) > float(wide[1].attrib["width"])
    assert [one.attrib["class"] for one in parts(svg, "line") if one.attrib["class"] == "target"] == ["target", "target"]


def test_what_people_typed_stays_text():
    svg = heat_map("<b>", ["<i>"], [("<script>", [Cell(0, 1, "/?a=1&b=2", '"<')])])
    assert "<script>" not in svg
    assert ElementTree.fromstring(svg).attrib["aria-label"] == "<b>"


def test_nothing_to_draw_is_an_empty_picture():
    assert parts(heat_map("Stations", [], []), "a") == []
    assert parts(rotation_chart("Batch", [], [], first=MONDAY, last=MONDAY), "a") == []


def test_a_name_is_cut_where_it_does_not_fit():
    assert clipped("机修", 100) == "机修"
    assert clipped("Mechanical workshop", 80) == "Mechanica…"
    assert each(len(clipped("机修钣金喷漆", width)) <= 6 for width in (0, 13, 40, 80))
