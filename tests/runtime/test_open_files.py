"""The limit of open files, raised in a process of its own."""

import resource
import subprocess
import sys

_SCRIPT = """
import resource
resource.setrlimit(resource.RLIMIT_NOFILE, (64, {most}))
from runtime import open_files
print(open_files.allow_as_many_as_may_be(), *resource.getrlimit(resource.RLIMIT_NOFILE))
"""


def test_a_process_may_open_as_many_as_the_system_allows_it() -> None:
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    run = subprocess.run(
        [sys.executable, "-c", _SCRIPT.format(most=most)], capture_output=True, encoding="utf-8", check=True
    )
    limit, soft, hard = map(int, run.stdout.split())
    assert limit == soft > 64
    assert hard == most
