"""Large numbers, read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.desktop.figures import figure


@pytest.mark.parametrize(
    ("number", "read"),
    [
        (0, "0"),
        (14_400, "14,400"),
        (9_999_999, "9,999,999"),
        (10_000_000, "1.0·10⁷"),
        (37_123_456_789_012_345, "3.7·10¹⁶"),
        (99_999_999, "1.0·10⁸"),
        (10**400, "1.0·10⁴⁰⁰"),
    ],
)
def test_a_number_is_read(number, read):
    assert figure(number) == read


@given(st.integers(10_000_000, 10**60))
def test_what_is_read_is_near_the_number(number):
    digits, _, raised = figure(number).partition("·10")
    exponent = int("".join(str("⁰¹²³⁴⁵⁶⁷⁸⁹".index(sign)) for sign in raised))
    told = int(float(digits) * 10 + 0.5) * 10 ** (exponent - 1)
    assert abs(told - number) <= number // 10
