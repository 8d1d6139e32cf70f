"""A generative adversarial network in one dimension, in numpy: a book about GANs that happens to run.

Read it in this order: `activations` (a nonlinearity and its derivatives), `mlp` (a network and its gradients),
`losses` (what the two players want), `penalties` (what keeps the discriminator smooth), `optimizers` (how a
gradient becomes a step), `targets` (what is to be imitated), `latents` (where noise comes from), `metrics` (how far
apart two distributions are), `trainer` (the game).
"""
