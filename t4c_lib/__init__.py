"""The library behind the Talent for Care planning workbook.

Rooms stand on floors; a room imports only from floors below it (`docs/decisions/0002-rooms-and-floors.md`).
"""

import sys

# jsonschema (which Altair, papermill and Voila all import) builds a grammar for international web addresses at import:
# about 1.9 seconds that nobody here uses. Without the package jsonschema leaves just that format check out.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
