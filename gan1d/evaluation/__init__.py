"""Evaluation of a run at one step: all measurements of a `Frame`.

Read `frame` (all that is measured) and `observe` first. Then the fixed side: `inputs`, `fixed_samples`, `latent_grid`,
`reference` and `probe`. Then what is evaluated anew for each frame: `forward_pass`, `refinement`, `generator`,
`discriminator`, `code` and `translation`. The names and help of metrics are in `metric_descriptions`; `codec` turns
frames into bytes. `spectrum_reading` says what eigenvalues mean.
"""
