"""A resting tag is no news, noise proves presence, and only clean looks make a tag gone."""

from __future__ import annotations

from random import Random

from hardware.arrivals import BACKSTOP_SECONDS, TWO, Arrivals, key_of

TAG, OTHER = bytes.fromhex("04A1B2C3D4E580"), bytes.fromhex("04A1B2C3D4E581")


def resting() -> Arrivals:
    arrivals = Arrivals()
    assert arrivals.is_news(TAG, 0.0)
    arrivals.settled(TAG)
    return arrivals


def test_a_tag_that_rests_is_news_once() -> None:
    arrivals = resting()
    assert not any(arrivals.is_news(TAG, n / 50) for n in range(100))
    assert arrivals.is_news(OTHER, 3.0)


def test_two_clean_looks_make_it_gone_and_one_between_two_sights_does_not() -> None:
    arrivals = resting()
    assert not arrivals.absent()
    assert not arrivals.is_news(TAG, 0.1)
    assert not arrivals.absent()
    assert arrivals.absent()
    assert not arrivals.absent()
    assert arrivals.is_news(TAG, 0.3)


def test_noise_proves_presence_however_long_it_lasts() -> None:
    arrivals, luck = resting(), Random(1)
    for n in range(10_000):
        if luck.random() < 0.2:
            arrivals.garbled(n / 50)
        else:
            assert not arrivals.is_news(TAG, n / 50)
        assert not arrivals.silent(n / 50)
    assert arrivals.resting == TAG


def test_a_silent_radio_says_nothing_until_the_backstop() -> None:
    arrivals = resting()
    assert not any(arrivals.silent(n / 50) for n in range(int(BACKSTOP_SECONDS * 50)))
    assert arrivals.silent(BACKSTOP_SECONDS)
    assert arrivals.resting is None


def test_a_phone_that_draws_a_new_number_at_each_look_rests_all_the_same() -> None:
    arrivals, luck = Arrivals(), Random(2)
    keys = [key_of(b"\x08" + luck.randbytes(3)) for _ in range(50)]
    assert arrivals.is_news(keys[0], 0.0)
    arrivals.settled(keys[0])
    assert not any(arrivals.is_news(key, 0.1) for key in keys)
    assert key_of(TAG) == TAG


def test_two_tags_are_told_once_and_only_when_it_lasts() -> None:
    arrivals = Arrivals()
    assert [arrivals.collided(n / 50) for n in range(3)] == [False, False, True]
    arrivals.settled(TWO)
    assert not any(arrivals.collided(n / 50) for n in range(3, 20))
    assert not arrivals.absent()
    assert arrivals.absent()


def test_a_tag_that_cannot_be_held_still_is_told_twice_a_second() -> None:
    arrivals = Arrivals()
    told = [n for n in range(100) if arrivals.lost_is_news(TAG, n / 50)]
    assert told == [0, 25, 50, 75]
