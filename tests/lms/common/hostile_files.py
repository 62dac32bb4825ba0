"""Tables made to do harm: small to send, endless to read. Each is built when it is asked for."""

import io
import zipfile

TYPES = """<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml"
ContentType="application/xml"/><Override PartName="/xl/workbook.xml"
ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml"
ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/xl/sharedStrings.xml"
ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>"""
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
ROOT = (
    f'<Relationships xmlns="{PACKAGE}"><Relationship Id="rId1" Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
)
BOOK = f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets><sheet name="a" sheetId="1" r:id="rId1"/></sheets></workbook>'
LINKS = (
    f'<Relationships xmlns="{PACKAGE}"><Relationship Id="rId1" Type="{RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{RELATIONS}/sharedStrings" Target="sharedStrings.xml"/></Relationships>'
)


def workbook(rows="", *, before="", after="", sheet=None, strings="", doctype="", compression=zipfile.ZIP_DEFLATED, more=()):
    """A workbook with the given XML in its one sheet; `strings` and `more` may be long and are written piece by piece."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", compression) as archive:
        for name, text in (
            ("[Content_Types].xml", TYPES),
            ("_rels/.rels", ROOT),
            ("xl/workbook.xml", BOOK),
            ("xl/_rels/workbook.xml.rels", LINKS),
        ):
            archive.writestr(name, text)
        if sheet is None:
            sheet = [f'{doctype}<worksheet xmlns="{MAIN}">{before}<sheetData>', rows, f"</sheetData>{after}</worksheet>"]
        for name, pieces in (
            ("xl/worksheets/sheet1.xml", sheet),
            ("xl/sharedStrings.xml", [f'<sst xmlns="{MAIN}">', *strings, "</sst>"]),
            *more,
        ):
            with archive.open(name, "w") as part:
                for piece in pieces:
                    part.write(piece.encode())
    return content.getvalue()


def cell(text, place=""):
    where = f' r="{place}"' if place else ""
    return f'<c{where} t="inlineStr"><is><t>{text}</t></is></c>'


def row(*cells, number=""):
    where = f' r="{number}"' if number else ""
    return f"<row{where}>{''.join(cells)}</row>"


HEAD = row(cell("工号", "A1"), number=1)
ENTITIES = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>'


def many(piece, times, block=1000):
    for _block in range(times // block):
        yield piece * block


# name: (builder, words of the sentence that says why)
WORKBOOKS = {
    "row two thousand million": (lambda: workbook(HEAD + row(cell("x", "A2000000000"), number=2000000000)), "2000000000"),
    "a row numbered as 2e9": (lambda: workbook(HEAD + row(cell("x"), number="2e9")), "2000000000"),
    "a million rows without numbers": (lambda: workbook(sheet=[f'<worksheet xmlns="{MAIN}"><sheetData>', *many(row(cell("x")), 1_000_000), "</sheetData></worksheet>"]), "100001"),
    "the last column of Excel": (lambda: workbook(row(cell("x", "XFD1"), number=1)), "200 columns"),
    "a million columns": (lambda: workbook(row(cell("x") * 1_000_000)), "200 columns"),
    "a bomb of a sheet": (lambda: workbook(sheet=[f'<worksheet xmlns="{MAIN}"><sheetData>', *many("<row>%s</row>" % (" " * 4000), 80_000, 100)]), "300 MB"),
    "a bomb of texts": (lambda: workbook(HEAD, strings=many("<si><t>%s</t></si>" % ("x" * 1000), 50_000)), "40 MB"),
    "a bomb before the rows": (lambda: workbook(HEAD, before="<cols>" + "<col/>" * 200_000 + "</cols>"), "no spreadsheet program"),
    "a bomb after the rows": (lambda: workbook(HEAD, after="<x>" + "<y/>" * 200_000 + "</x>"), "no spreadsheet program"),
    "a bomb inside a cell": (lambda: workbook(row("<c r='A1'>" + "<v/>" * 200_000 + "</c>")), "no spreadsheet program"),
    "a bomb of false rows": (lambda: workbook(row("<c r='A1'>" + "<arow/>" * 200_000 + "</c>")), "no spreadsheet program"),
    "a bomb beside the sheet": (lambda: workbook(HEAD, more=[("xl/styles.xml", ["<a>", *many('<b c="%s"/>' % ("x" * 200), 60_000), "</a>"])]), "10 MB"),
    "a million empty texts": (lambda: workbook(HEAD, strings=many("<si><t/></si>", 1_000_000)), "500000"),
    "elements without an end": (lambda: workbook("<a>" * 1_000_000), "no spreadsheet program"),
    "elements a hundred deep": (lambda: workbook("<a>" * 100 + "</a>" * 100), "no spreadsheet program"),
    "entities in entities": (lambda: workbook(row(cell("&c;", "A1")), doctype=ENTITIES), "no spreadsheet program"),
    "a file from outside": (lambda: workbook(row(cell("&c;", "A1")), doctype='<!DOCTYPE x [<!ENTITY c SYSTEM "file:///etc/passwd">]>'), "no spreadsheet program"),
    "one cell of ten megabytes": (lambda: workbook(row(cell("x" * 10_000_000, "A1"))), "32767 characters"),
    "a bomb in bzip2": (lambda: workbook(HEAD + " " * 5_000_000, compression=zipfile.ZIP_BZIP2), "no spreadsheet program"),
    "five thousand parts": (lambda: workbook(HEAD, more=[(f"x/{n}", [""]) for n in range(5000)]), "no spreadsheet program"),
    "a column of four letters": (lambda: workbook(row(cell("x", "ABCD1"))), "damaged"),
    "a row that is no number": (lambda: workbook(row(cell("x"), number="x")), "damaged"),
    "a row without end": (lambda: workbook(row(cell("x"), number="1e999")), "damaged"),
    "a text that is not there": (lambda: workbook(row('<c t="s"><v>99999999999999999999</v></c>')), "damaged"),
    "a number of five thousand digits": (lambda: workbook(row(f"<c><v>{'9' * 5000}</v></c>")), "damaged"),
    "a sheet of a foreign kind": (lambda: workbook(sheet=["\x00" * 1000]), "damaged"),
}  # fmt: skip
CSVS = {
    "one endless line": (lambda: b"a," * 5_000_000, "longer than 1000000"),
    "a line without a separator": (lambda: b"x" * 19_000_000, "longer than 1000000"),
    "a quotation mark never closed": (lambda: b'number,name\n1,"x\n' + b"2,y\n" * 500_000, "table that can be read|longer than"),
    "one row over many lines": (lambda: b"number,name\n" + b'"\n",' * 500_000, "longer than 1000000"),
    "five hundred columns": (lambda: b"a," * 500 + b"\n", "200 columns"),
    "a million rows": (lambda: b"a,b\n" * 1_000_000, "100001"),
    "a million empty lines": (lambda: b"\n" * 1_000_000, "100001"),
    "nothing but NUL": (lambda: b"\x00" * 5_000_000, "encoding"),
    "NUL between the letters": (lambda: b"number,na\x00me\n" * 100_000, "encoding|table that can be read"),
    "noise": (lambda: bytes(range(128, 256)) * 100_000 + b"\x00", "encoding|longer than"),
    "larger than a table may be": (lambda: b"a,b\n" * 6_000_000, "20 MB"),
}  # fmt: skip
