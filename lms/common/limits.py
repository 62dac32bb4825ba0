"""How much is read of what comes from outside. Every bound of the product's readers stands here, with its unit.

They lie well above what a dealer group needs, and low enough that a file made to do harm ends with a sentence.
"""

from datetime import date

MEGABYTE = 1024 * 1024  # bytes

# --- Tables: CSV and Excel
TABLE_FILE = 20 * MEGABYTE  # bytes as uploaded
TABLE_ROWS = 100_000  # the number of the last row; twice the people of a large group
TABLE_COLUMNS = 200
CELL_TEXT = 32_767  # characters; Excel itself allows no more
CSV_ROW = 1_000_000  # characters of one row, over all its lines
READING_SECONDS = 60  # for the whole of a file

# --- Excel: a zip archive of XML
ARCHIVE_PARTS = 2_000  # files in the archive
ARCHIVE_UNPACKED = 300 * MEGABYTE  # bytes, all parts together
PART_UNPACKED = 10 * MEGABYTE  # bytes of a part that is read as a whole: styles, relations
STRINGS_UNPACKED = 40 * MEGABYTE  # bytes of the texts that cells share
STRINGS = 500_000  # texts that cells share
XML_DEPTH = 60  # elements inside one another
XML_LOOSE = 100_000  # elements outside rows and texts, or in one of them

# --- Numbers, days and messages in addresses and forms
FIRST_DAY, LAST_DAY = date(1950, 1, 1), date(2100, 12, 31)  # of any day that someone enters
FIRST_YEAR, LAST_YEAR = 2000, 2100  # of a quarter or a week that is asked for
MANY = 500  # values of one name in a form, such as rows ticked
JSON_BODY = 512 * 1024  # bytes
DRAFT = 16 * 1024  # characters of a form that is half filled in
KEPT = 128 * 1024  # characters of a form that waits for its sender to sign in again
JSON_DEPTH = 10  # lists and objects inside one another
SHOWN = 128 * 1024  # bytes of what a form carries of what its page showed

# --- Uploads, bytes of all files of one request together; what a form takes of one file it says itself
MATERIAL_FILE = 20 * MEGABYTE  # of a training session
EVIDENCE_FILE = 10 * MEGABYTE  # of a maker's certificate
DOCUMENT_FILE = 50 * MEGABYTE  # in the course studio
OTHER_FILE = 2 * MEGABYTE  # wherever nothing else is said
READ_OVER = 200 * MEGABYTE  # a longer request is cut off; a shorter one is read over, so that the browser shows the answer

# --- Paper
PRINT_DATA = 2_000_000  # characters of what a document is made of
PRINT_FILE = 20 * MEGABYTE  # bytes of the PDF
PRINT_SECONDS = 20  # for one document, with its wait for a free press
PRESSES = 2  # documents made at once in one process
