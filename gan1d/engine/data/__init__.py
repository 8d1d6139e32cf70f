"""Training batches: where real samples, latents, labels and noise come from.

Read `batches` first, then `random_streams`, `datasets`, `conditioning` and `instance_noise`.
"""
