"""What is measured of a run at one step: everything in a `Frame`.

Read `frame` and `observe` first, then `probe`, `generator` and `discriminator`; `codec` turns frames into bytes.
"""
