"""One run and its viewers, without sockets or asyncio; only the scheduler has a clock.

Reading order: `messages` is the protocol; `run` is one training run, with its `history`, `change_marks` and each
`timeline` in a `run_record`, and the `script` that it may follow; `pacing` and `playback` decide when it takes a step,
`flow_control` when a viewer gets a frame; `look_back` and `viewing` find frames of earlier steps, `step_tracing` takes
a step apart, `spectrum_requests` and `spectrum_answers` have its eigenvalues, `restoration` makes an earlier step the
present one, and `kept_runs` keeps the runs before; `second_run` is the run that is compared with the present one;
`inbox`, `run_control`, `compare_control` and `session` carry out commands, `session_events` reports them to viewers,
`status` says how the run is, `step_cost` limits its settings; `session_info` and `starting_data` are given at the
start; `scheduler` gives all sessions their turns on one thread.
"""
