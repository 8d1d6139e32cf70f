"""Evaluation of a run at one step: all measurements of a `Frame`.

Read `frame` and `observe` first, then `probe`, `generator` and `discriminator`; `codec` turns frames into bytes.
"""
