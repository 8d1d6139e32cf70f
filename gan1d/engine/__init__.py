"""A generative adversarial network in one dimension, in numpy: a book about GANs that happens to run.

Read it in this order: `activations` (a nonlinearity and its derivatives), `mlp` (a network and its gradients) and
`initialization` (its first weights), `losses` (what the two players want), `penalties` (what keeps the
discriminator smooth), `optimizers` (how a gradient becomes a step), `latents` (where noise comes from), `targets`
(what is to be imitated), `labels` (which mode is asked for), `pushforward` (what a generator makes of noise), `metrics`
(how far apart two distributions are), `feed` (random batches), `fitting` and `surgery` (another network that does the
same), `places` (where that matters), `learner` (one player), `trainer` (the game), `ensemble` (many games at once).
"""
