"""Requests in, answers out: validate, query, render."""
