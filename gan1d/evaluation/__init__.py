"""Evaluation of a run at one step: all measurements of a `Frame`.

Read `frame` (all that is measured) and `observe` first. Then the fixed side: `inputs`, `fixed_samples`, `latent_grid`,
`reference` and `probe`. Then what is evaluated anew for each frame: `forward_pass`, `refinement`, `generator`,
`discriminator`. The names and help of metrics are in `metric_descriptions`, and `codec` turns frames into bytes.
"""
