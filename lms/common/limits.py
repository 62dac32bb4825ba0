"""How much is read of what comes from outside. Every bound of the product's readers stands here, with its unit.

They lie well above what a dealer group needs, and low enough that a file made to do harm ends with a sentence.
"""

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
