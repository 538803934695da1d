"""The shapes of the live room's messages, one module per family.

Values are synthetic, shapes are the site's.
"""
