"""Functions R → R, their gradients and how they learn.

Read `activations` and `mlp` first, then `initialization` and `optimizers`; `input_gradients`,
`hessian_vector_products`, `weight_constraints` and `discriminator_inputs` build on them.
"""
