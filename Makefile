# The commands live in go.py, for systems without make too: `make X` is `python3 go.py X`.
PYTHON ?= python3

.PHONY: help run demo install test check fix messages screenshots bench soak
help:
	@$(PYTHON) go.py

run demo install test check fix messages screenshots bench soak:
	@$(PYTHON) go.py $@ $(ARGS)
