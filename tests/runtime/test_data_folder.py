"""The data folder: lock, kind, secrets, what cannot be written. Root may write anywhere but in /proc."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from runtime import data_folder
from runtime.errors import FolderRefused
from runtime.setting_values import ROOT
from tests.full_disk import full_disk

HOLD_LOCK = """
import sys
from pathlib import Path
from runtime import data_folder
with data_folder.locked(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_folder_is_made_with_its_parents_for_this_user_alone(tmp_path: Path) -> None:
    folder = tmp_path / "直播 数据" / "inner"
    data_folder.check_writable(folder)
    assert folder.stat().st_mode & 0o077 == 0
    assert list(folder.iterdir()) == []


def test_a_file_in_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("", encoding="utf-8")
    with pytest.raises(FolderRefused, match="cannot be written") as refused:
        data_folder.check_writable(tmp_path / "data")
    assert "\n" not in str(refused.value)


def test_a_folder_that_the_system_owns_is_refused() -> None:
    with pytest.raises(FolderRefused, match="DATA_DIR"):
        data_folder.check_writable(Path("/proc/self"))


def test_a_second_process_learns_who_holds_the_lock(tmp_path: Path) -> None:
    lock = tmp_path / "up.lock"
    command = [sys.executable, "-c", HOLD_LOCK, str(lock)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(FolderRefused, match=f"process {holder.pid};"), data_folder.locked(lock):
            pass
        holder.kill()
        holder.wait()
    with data_folder.locked(lock):  # a killed holder leaves nothing behind
        assert lock.read_text(encoding="utf-8") == f"{os.getpid()}\n"


def test_a_folder_is_for_the_demo_or_for_real_from_its_first_use_on(tmp_path: Path) -> None:
    data_folder.check_kind(tmp_path, demo=True)
    data_folder.check_kind(tmp_path, demo=True)
    with pytest.raises(FolderRefused, match="demo data"):
        data_folder.check_kind(tmp_path, demo=False)


def test_a_secret_is_made_once_and_readable_by_this_user_alone(tmp_path: Path) -> None:
    path = tmp_path / "new" / "secret.key"
    first = data_folder.secret(path)
    assert len(first) >= 50
    assert data_folder.secret(path) == first
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_private_file_is_replaced_whole(tmp_path: Path) -> None:
    path = tmp_path / "redis.url"
    texts = ["a" * 5000, "b" * 5000]
    data_folder.write_private(path, texts[0])
    seen: set[str] = set()
    reading = threading.Event()

    def read() -> None:
        while not reading.is_set():
            seen.add(path.read_text(encoding="utf-8"))

    reader = threading.Thread(target=read)
    reader.start()
    for number in range(200):
        data_folder.write_private(path, texts[number % 2])
    reading.set()
    reader.join()
    assert seen <= set(texts)
    assert path.stat().st_mode & 0o777 == 0o600
    assert [each.name for each in tmp_path.iterdir()] == ["redis.url"]


def test_a_secret_that_a_full_disk_left_empty_is_made_anew(tmp_path: Path) -> None:
    path = tmp_path / "secret.key"
    path.touch()
    assert len(data_folder.secret(path)) >= 50
    assert [each.name for each in tmp_path.iterdir()] == ["secret.key"]


def test_of_two_that_make_a_secret_at_once_both_get_the_first_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "secret.key"
    faster = data_folder._written_beside

    def slower(where: Path, text: str) -> Path:
        with monkeypatch.context() as other:
            other.setattr(data_folder, "_written_beside", faster)
            data_folder.secret(path)
        return faster(where, text)

    monkeypatch.setattr(data_folder, "_written_beside", slower)
    assert data_folder.secret(path) == path.read_text(encoding="utf-8").strip()
    assert [each.name for each in tmp_path.iterdir()] == ["secret.key"]


def test_a_full_disk_leaves_what_was_there_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "processes.json"
    data_folder.write_private(path, "old")
    with full_disk(1 << 20), pytest.raises(OSError, match="File too large"):
        data_folder.write_private(path, "new" * (1 << 20))
    assert path.read_text(encoding="utf-8") == "old"
    with full_disk(0), pytest.raises(FolderRefused, match="File too large"):
        data_folder.secret(tmp_path / "secret.key")
    with full_disk(0), pytest.raises(FolderRefused, match="File too large"):
        data_folder.check_kind(tmp_path, demo=False)
    assert [each.name for each in tmp_path.iterdir()] == ["processes.json"]
