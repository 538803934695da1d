"""A Bilibili look-alike (HTTP and WebSocket) that keeps an exact ledger of what it sent.

It imports nothing else of this project: a bug shared by both sides would look like agreement.
"""
