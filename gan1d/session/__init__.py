"""One run and its viewers, without sockets, asyncio or a clock.

Reading order: `messages` is the protocol; `run` is one training run, with its `history` and each `timeline` in a
`run_record`, and the `script` that it may follow; `pacing` and `playback` decide when it takes a step, `flow_control`
when a viewer gets a frame; `look_back` and `viewing` find frames of earlier steps, `restoration` makes such a step the
present one, and `kept_runs` keeps the runs before; `inbox`, `run_control` and `session` carry out commands,
`session_events` tells viewers of them, `status` says how the run is, `step_cost` limits its settings; `session_info`
and `starting_data` are given at the start; `scheduler` gives all sessions their turns on one thread.
"""
