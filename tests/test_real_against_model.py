"""Free runs of random offices on real processes end only as the checker says they can."""

import pytest
from real_against_model import compare_many


@pytest.mark.parametrize(
    ("maker", "seeds", "least"),
    [
        ("offices", range(24), 15),
        ("benches", range(16), 12),
        ("cats", range(12), 6),
        ("families", range(24), 20),
        ("tubes", range(24), 20),
    ],
)
def test_real_processes_do_only_what_the_model_allows(maker, seeds, least):
    compared = list(compare_many(seeds, 2, maker))
    assert [wrong for one in compared for wrong in one.wrong] == []
    assert len(compared) >= least
