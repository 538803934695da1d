"""What the system knows of itself, for whoever looks for what is wrong. Reads only; knows no request.

Nothing secret: no cookie, key or token, no password of any address. Nothing dear: no table is scanned.
"""
