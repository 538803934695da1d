"""Runs a program of this folder with Django set up, so that it may import the product like any module.

Started with one JSON object: {"program": a module beside this one, ...}; its function ``run`` is given all of
it. The database is that of the environment, and has all tables.
"""

import importlib
import json
import os
import sys

import django
from django.core.management import call_command


def main() -> None:
    told = json.loads(sys.argv[1])
    os.environ["DJANGO_SETTINGS_MODULE"] = "bilibili_monitor.settings"
    django.setup()
    call_command("migrate", verbosity=0, interactive=False)
    importlib.import_module(f"benchmarks.contestants.{told['program']}").run(told)


if __name__ == "__main__":
    main()
