"""The journal: what was received, as it was received, on disk before anything looks inside.

Knows no Redis and no Django, and not what the payloads mean.
"""
