"""Bilibili live rooms as a client library: knows the site, knows no Redis and no Django."""
