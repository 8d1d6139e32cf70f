"""Numbers in text files, as people and programs write them.

Read `cells` first (one cell as a number, decimal marks), then `table` (separator, quotes, header), `printed_list`
(lists as JSON, and as programs print them), `text` (encodings) and `reading` (whole texts, errors).
"""
