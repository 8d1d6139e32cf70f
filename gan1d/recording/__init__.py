"""What happened in a run, written down so that it can be repeated: its log, and key-frames to return to any step.

Read `run_log` first (the file format) and `digest` (by which a repetition is checked), then `observed_run` (a run that
is diagnosed and seen), `key_frames` (states kept in memory), `packed_state` (in few bytes), `repetition` (the events of
a log again), `recording` (seeking), and `frame_archive` (many frames in few bytes).
"""
