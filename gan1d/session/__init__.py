"""One run and its viewers, without sockets, asyncio or a clock.

Reading order: `messages` is the protocol, with the objects of `wire_parts`; `run` is one training run, with its
`history`; `pacing` and `playback` decide when it takes a step, `flow_control` when a viewer gets a frame; `inbox` and
`session` carry out commands, `status` says how the run is, `step_cost` limits its settings; `starting_data` are numbers
given at the start; `scheduler` gives all sessions their turns on one thread.
"""
