"""Neural networks from R to R: forward and backward passes, first weights, optimizers and constraints.

Read `activations` and `mlp` first, then `initialization` and `optimizers`, which are made of `parameter_updates`.
`input_gradients` (dD/dx), `hessian_vector_products`, `weight_constraints` and `discriminator_inputs` build on them.
`fast` holds two formulas that are written for speed.
"""
