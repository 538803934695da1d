"""DATABASE_URL: what each form of it means, and what is said of one that means nothing."""

from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from runtime.database_address import PostgresAddress, checked, postgres

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)


@pytest.mark.parametrize(
    ("url", "meant"),
    [
        ("postgres:///live", PostgresAddress("live")),
        ("postgresql://db/live", PostgresAddress("live", "db")),
        ("postgres://me@db:5433/live", PostgresAddress("live", "db", "5433", "me")),
        ("postgres://me:pw@[::1]:5433/live", PostgresAddress("live", "::1", "5433", "me", "pw")),
        ("postgres://me:p%40w%2F@db/live", PostgresAddress("live", "db", "", "me", "p@w/")),
        ("postgres://%2FVar%2Frun/live", PostgresAddress("live", "/Var/run")),
        ("postgres://me@/live?host=/var/run&port=5433", PostgresAddress("live", "/var/run", "5433", "me")),
        ("postgres://db/%E7%9B%B4%E6%92%AD", PostgresAddress("直播", "db")),
        ("postgres:///live?host=/a+b%2Bc%40d", PostgresAddress("live", "/a+b+c@d")),
        ("postgres://db/live?sslmode=require", PostgresAddress("live", "db", options={"sslmode": "require"})),
    ],
)
def test_each_form_of_an_address_means_what_psql_would_take_it_for(url: str, meant: PostgresAddress) -> None:
    assert checked(url) == url
    assert postgres(url) == meant


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(user=TEXT.filter(bool), password=TEXT, name=TEXT.filter(bool), host=TEXT.map(lambda text: f"/{text}"))
def test_what_is_percent_encoded_comes_back_as_it_was(user: str, password: str, name: str, host: str) -> None:
    encoded = [quote(each, safe="") for each in (user, password, host, name)]
    assert postgres("postgres://{}:{}@{}/{}".format(*encoded)) == PostgresAddress(
        name, host, "", user, password
    )


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("postgres://db", "must name a database"),
        ("postgres://db/", "must name a database"),
        ("postgres://me:pw/db/live", "is written as %"),
        ("postgres://me:a#b@db/live", "is written as %"),
        ("postgres://a:1,b:2/live", "is written as %"),
        ("postgres://db:0/live", "port from 1 to 65535"),
        ("postgres://db:65536/live", "port from 1 to 65535"),
        ("postgres://db/live?ssl=1", "after its question mark what is none of host, port,"),
        ("postgres://db/live?host=%ff", "no text in UTF-8"),
        ("postgres://me:2024/cd@h", "percent-encoded"),
        ("postgres://me:12/cd?ef@h/live", "percent-encoded"),
        ("postgres://me:12/cd?sslmode=ef@h", "percent-encoded"),
        ("postgres://db/live?connect_timeout=soon", "no number of seconds"),
        ("postgres://db/li%00ve", "no text in UTF-8"),
        ("postgres://db/%ff", "no text in UTF-8"),
        ("mysql://db/live", "use postgres://"),
        ("live.sqlite3", "use postgres://"),
        ("sqlite:///", "use postgres://"),
    ],
)
def test_an_address_that_cannot_be_used_is_refused_with_what_to_write(url: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        checked(url)


@pytest.mark.parametrize(
    "url",
    [
        "postgres://me:12/cd?se-cret@h/live",
        "postgres://me:12/cd?se-cret=1@h/live",
        "postgres://me:12/cd?se-cret",
        "postgres://me:12/cd?sslmode=a&se-cret=%40",
        "postgres://me:se-cret@12@h/a@b",
        "postgres://me:se-cret/12@h/live",
        "postgres://me:se-cret:12@h:x/live",
    ],
)
def test_what_may_be_of_a_password_is_not_told(url: str) -> None:
    with pytest.raises(ValueError, match=r"\.$") as refusal:
        checked(url)
    assert "cret" not in str(refusal.value)


def test_for_people_it_is_the_database_and_where_it_is() -> None:
    assert str(postgres("postgres://me:pw@db:5433/live")) == "live at db:5433"
    assert str(postgres("postgres:///live?host=/run")) == "live at /run"
    assert str(postgres("postgres:///live")) == "live"
