"""A generative adversarial network (GAN) in one dimension, trained with NumPy alone.

`reference` is the training step as a textbook writes it; read it first. The packages, in reading order:

- `networks`: multilayer perceptrons, their gradients, optimizers, and constraints on the discriminator's weights.
- `distributions`: targets for the generator to imitate, and priors of the latent z.
- `metrics`: distances between distributions, the pushforward of the prior through G, the optimal discriminator D*.
- `objectives`: losses of both players, gradient penalties, unrolling.
- `data`: random batches, training sets, class labels, instance noise.
- `morphism`: change a network's layers while it trains and keep its function.
- `training`: the players, their updates, the `Trainer`, and the `Ensemble` that trains many runs at once.
- `games`: games of two numbers, apart from all that, whose dynamics are known exactly.

All of them use `arrays` (types and aligned buffers), `programs` (NumPy calls, listed once and run many times),
`sampling` (random numbers), `special_functions`, `units` (data as the networks see them) and `blas` (the threads of
matrix products). `protocols` declares the settings that the engine reads, `update_order` the order of the updates in a
step.
"""
