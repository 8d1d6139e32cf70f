"""Numbers in text files, as people and programs write them.

Read `cells` first (one cell as a number, decimal marks), then `table` (separator, quotes, header), `printed_list`
(lists as JSON, and as programs print them), `text` (encodings), `columns` (names, the column to read), `reading` (whole
files), `checked_numbers` (what is wrong, and the numbers that may be used) and `answers` (the answer to a page).
"""
