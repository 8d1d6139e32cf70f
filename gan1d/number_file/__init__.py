"""Numbers in text files, as people and programs write them.

Read `cells` first (one cell as a number, decimal marks), then `table` (separator, quotes, header), `text` (encodings)
and `reading` (whole texts and files, and error messages).
"""
