"""RUNTIME: settings, logs, the embedded Redis, the supervised processes. Knows nothing of ours, no Django."""
