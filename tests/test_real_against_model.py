"""Free runs of random offices on real processes end only as the checker says they can."""

from real_against_model import compare_many


def test_real_processes_do_only_what_the_model_allows():
    compared = list(compare_many(range(24), 2))
    assert [wrong for one in compared for wrong in one.wrong] == []
    assert len(compared) > 15
    assert sum(one.met for one in compared) >= len(compared)
