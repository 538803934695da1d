from simulator import wbi

KEYS = wbi.Keys("7cd084941338484aae1ad9425b84077c", "4932caff0ff746eab6f01bf08b70ac45")


def test_the_mixin_key_is_that_of_the_worked_example() -> None:
    assert KEYS.mixin == "ea1db124af3c7062474693fa704f4ff8"


def test_signatures_are_those_of_the_worked_examples() -> None:
    examples = {
        "8f6f2b5b3d485fe1886cec6a0be8c5d4": {"foo": "114", "bar": "514", "zab": "1919810",
        "wts": "1702204169"},
        "4cf6b8666b906832227a89f290a59df4": {
            "id": "22608112", "type": "0", "web_location": "444.8", "wts": "1702204169",
        },
        "2662a4f8479c442aa069cef32d60394b": {"id": "5553263", "type": "0", "wts": "1776925721"},
        "04e50b58980e3e3cee8cbc0cc4c1c530": {
            "foo": "one one four!('*)", "bar": "五一四", "baz": "1919810", "wts": "1702204169",
        },
    }  # fmt: skip
    for signature, parameters in examples.items():
        assert wbi.sign(parameters.items(), KEYS) == signature


def test_a_signature_is_good_only_when_fresh_and_for_these_keys() -> None:
    parameters = {"id": "1", "wts": "1700000000"}
    parameters["w_rid"] = wbi.sign(parameters.items(), KEYS)
    assert wbi.is_signed(parameters.items(), KEYS, now=1_700_000_100)
    assert not wbi.is_signed(parameters.items(), KEYS, now=1_700_001_000)
    assert not wbi.is_signed((parameters | {"id": "2"}).items(), KEYS, now=1_700_000_100)
    assert not wbi.is_signed(parameters.items(), wbi.Keys(KEYS.sub, KEYS.img), now=1_700_000_100)
    assert not wbi.is_signed([("id", "1")], KEYS, now=1_700_000_100)
