"""Settings: defaults, order of sources, and one clear line for each that is wrong."""

from pathlib import Path

import pytest

from runtime import demo, environment, setting_values
from runtime.database_address import PostgresAddress
from runtime.errors import BadSetting
from runtime.setting_values import ROOT


def test_nothing_set_gives_a_system_that_runs() -> None:
    settings = environment.load({}, None)
    assert (settings.host, settings.port) == ("127.0.0.1", 8000)
    assert settings.data_dir == ROOT / "data"
    assert settings.database_path == ROOT / "data" / "live.sqlite3"
    assert (settings.call_interval, settings.connect_interval) == (1.0, 1.0)
    assert settings.page_url == "http://127.0.0.1:8000/live/"


def test_the_environment_wins_over_the_file_and_empty_means_the_default(tmp_path: Path) -> None:
    env_file = tmp_path / ".env"
    env_file.write_text("PORT=9000\nLOG_KEEP=60\nROOMS=1\n", encoding="utf-8")
    settings = environment.load({"PORT": "9001", "ROOMS": ""}, env_file)
    assert (settings.port, settings.log_keep, settings.rooms) == (9001, 60, ())


def test_days_of_statistics_are_those_of_shanghai_unless_another_clock_is_named() -> None:
    settings = environment.load({}, None)
    assert (settings.stats_timezone, settings.day_start) == ("Asia/Shanghai", 0)
    settings = environment.load({"STATS_TIMEZONE": "Europe/Berlin", "DAY_START": "6:30"}, None)
    assert (settings.stats_timezone, settings.day_start) == ("Europe/Berlin", 390)


@pytest.mark.parametrize("url", ["http://127.0.0.1:9000", "http://localhost:9000", "http://[::1]:9000/"])
def test_a_site_on_this_machine_is_called_without_pauses(url: str) -> None:
    settings = environment.load({"BILIBILI_URL": url}, None)
    assert (settings.call_interval, settings.connect_interval) == (0.0, 0.0)


@pytest.mark.parametrize("url", ["", "https://bilibili.example", "http://127.0.0.1.example"])
def test_any_other_site_is_called_with_pauses(url: str) -> None:
    settings = environment.load({"BILIBILI_URL": url}, None)
    assert (settings.call_interval, settings.connect_interval) == (1.0, 1.0)


def test_rooms_are_kept_as_typed_without_blanks() -> None:
    assert environment.load({"ROOMS": " 1, x，2 ,,"}, None).rooms == ("1", "x", "2")


def test_a_relative_folder_starts_in_the_checkout_and_an_absolute_one_is_kept(tmp_path: Path) -> None:
    assert environment.load({"DATA_DIR": "直播 数据"}, None).data_dir == ROOT / "直播 数据"
    assert environment.load({"DATA_DIR": str(tmp_path)}, None).data_dir == tmp_path


def test_a_sqlite_address_names_the_file(tmp_path: Path) -> None:
    settings = environment.load({"DATABASE_URL": f"sqlite:///{tmp_path}/a%20b.sqlite3"}, None)
    assert settings.database_path == tmp_path / "a b.sqlite3"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("STATS_TIMEZONE", "Asia/Nowhere"),
        ("STATS_TIMEZONE", "../etc/passwd"),
        ("STATS_TIMEZONE", "+08:00"),
        ("DAY_START", "24:00"),
        ("DAY_START", "6"),
        ("DAY_START", "06:60"),
        ("DAY_START", "٠٦:٠٠"),
        ("HOST", "0.0.0.0"),
        ("HOST", "192.168.1.2"),
        ("HOST", "example.com"),
        ("PORT", "0"),
        ("PORT", "65536"),
        ("PORT", "eighty"),
        ("PORT", "²"),
        ("PORT", "9" * 5000),
        ("REDIS_URL", "localhost:6379"),
        ("REDIS_URL", "redis://localhost:port"),
        ("DATABASE_URL", "mysql://localhost/live"),
        ("DATABASE_URL", "sqlite:///"),
        ("DATABASE_URL", "postgres://localhost"),
        ("BILIBILI_URL", "127.0.0.1:9000"),
        ("BILIBILI_URL", "http://"),
        ("BILIBILI_URL", "http://[::1"),
        ("PROXY_URL", "socks5://127.0.0.1:1080"),
        ("PROXY_URL", "127.0.0.1:7890"),
        ("CONNECTIONS_PER_ROOM", "0"),
        ("CONNECTIONS_PER_ROOM", "3"),
        ("SYNC_PARTITIONS", "0"),
        ("SYNC_PARTITIONS", "2"),
        ("CALL_INTERVAL", "0"),
        ("CALL_INTERVAL", "-1"),
        ("CALL_INTERVAL", "nan"),
        ("CONNECT_INTERVAL", "soon"),
        ("LOG_KEEP", "10m"),
        ("JOURNAL_KEEP_DAYS", "-1"),
        ("JOURNAL_MAX_GIB", "-0.1"),
        ("JOURNAL_MAX_GIB", "nan"),
        ("JOURNAL_MAX_GIB", "5 GiB"),
        ("LOG_LEVEL", "LOUD"),
    ],
)
def test_a_value_that_cannot_be_used_is_refused_in_one_line_with_its_name(name: str, value: str) -> None:
    with pytest.raises(BadSetting) as refused:
        environment.load({name: value}, None)
    line = str(refused.value)
    assert line.startswith(f"{name}={value} ")
    assert "\n" not in line


@pytest.mark.parametrize(
    "url",
    [
        "postgres://me:secret@localhost:port/live",
        "postgres://me:a/secret@localhost/live",
        "postgres://me:a#secret@localhost/live",
        "postgres://me:%ffsecret@localhost/live",
        "postgres://me:secret@localhost/live?ssl=1",
        "redis://:a/secret@localhost:port/0",
        "redis://:secret/b@localhost",
        "redis://:a@secret@localhost:port",
        "redis://:a?secret@localhost:port",
        "redis://localhost:port/0?password=secret",
        "redis://localhost:port/0?password=a@secret",
    ],
)
@pytest.mark.parametrize("name", ["DATABASE_URL", "REDIS_URL", "BILIBILI_URL", "PROXY_URL"])
def test_a_refused_address_does_not_show_its_password(name: str, url: str) -> None:
    with pytest.raises(BadSetting) as refused:
        environment.load({name: url}, None)
    assert "secret" not in str(refused.value)


def test_the_password_of_a_proxy_is_kept_and_not_shown() -> None:
    settings = environment.load({"PROXY_URL": "http://me:secret@127.0.0.1:7890"}, None)
    assert settings.proxy_url == "http://me:secret@127.0.0.1:7890"
    assert "secret" not in repr(settings)


def test_the_password_of_a_database_is_kept_and_not_shown() -> None:
    settings = environment.load({"DATABASE_URL": "postgres://me:secret@db/live"}, None)
    assert isinstance(settings.database, PostgresAddress)
    assert settings.database.password == "secret"
    assert settings.database_path is None
    assert "secret" not in f"{settings!r} {settings.database!r} {settings.database}"


def test_an_address_without_secrets_is_shown_whole() -> None:
    for shown in ("redis://localhost:6379/0", "unix:///home/me@work/valkey.sock", "no address"):
        assert setting_values.without_secrets(shown) == shown
    assert setting_values.without_secrets("rediss://me:x@host:1/2?password=y") == "rediss://host:1/2"


def test_syncs_share_the_rooms_on_postgresql_only() -> None:
    given = {"SYNC_PARTITIONS": "4", "DATABASE_URL": "postgres://user@localhost/live"}
    assert environment.load(given, None).sync_partitions == 4
    with pytest.raises(BadSetting, match="needs PostgreSQL"):
        environment.load({**given, "DATABASE_URL": ""}, None)
    # The demo has a small database of its own.
    assert environment.load({**given, **demo.environ()}, None).sync_partitions == 1


def test_pauses_may_be_zero_where_the_site_is_this_machine() -> None:
    settings = environment.load({"BILIBILI_URL": "http://127.0.0.1:9", "CALL_INTERVAL": "0"}, None)
    assert settings.call_interval == 0


def test_redis_is_the_one_set_else_the_one_that_up_wrote_else_the_customary(tmp_path: Path) -> None:
    settings = environment.load({"DATA_DIR": str(tmp_path)}, None)
    assert settings.find_redis() == "redis://localhost:6379"
    settings.redis_url_file.write_text("unix:///a%20b\n", encoding="utf-8")
    assert settings.find_redis() == "unix:///a%20b"
    chosen = environment.load({"DATA_DIR": str(tmp_path), "REDIS_URL": "redis://host"}, None)
    assert chosen.find_redis() == "redis://host"


def test_a_misspelt_setting_is_told_with_the_nearest_name(tmp_path: Path) -> None:
    env_file = tmp_path / ".env"
    env_file.write_text("ROOM=1\nPORT=9000\nNOTHING_LIKE_IT=2\n", encoding="utf-8")
    near, far = environment.unknown_settings(env_file)
    assert "ROOM " in near
    assert "ROOMS" in near
    assert "NOTHING_LIKE_IT" in far
    assert ".env.example" in far
