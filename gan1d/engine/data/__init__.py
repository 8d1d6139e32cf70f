"""Training batches: real samples, latents, labels and noise, each from its own random stream.

Read `batches` first, then `random_streams`, `datasets`, `standardization`, `conditioning`, `instance_noise`
and `translation`.
"""
