"""A run, or a game of two numbers, as one HTML file that plays without a server.

Read `record` first, then `recorder` (what is kept of a run) and `html_page` (the file), which needs `linking` (many
modules as one script) and `page_directory`. `game_page` writes the games.
"""
