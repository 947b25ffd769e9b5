"""The harness of the figures runs and names what it measures; how fast it is, no test asks."""

import pytest

from bench import Figure, Sizes, as_json, run

TINY = Sizes(
    rounds=2,
    finished=200,
    instances=10,
    procurements=9,
    timers=5,
    open_tasks=10,
    looks=2,
    own_acts=10,
    open_pages=3,
    news=2,
    things=50,
    scenarios=1,
)
SHARES = ("select", "load", "run", "prune+dump", "write", "commit", "rest")


@pytest.fixture(scope="module")
def figures() -> list[Figure]:
    return run(TINY)


def test_each_figure_has_a_name_of_its_own(figures: list[Figure]) -> None:
    names = [figure.name for figure in figures]

    assert len(set(names)) == len(names)
    assert {
        "floor.ratio",
        "growth.finished_tasks_200.ratio",
        "growth.instances_10.ratio",
        "sql_per_step.sqlite",
        "http.completions_per_second",
        "http.p95",
        "parse_lint_300",
        "scenarios.together",
        "timers_5.per_second",
        "task_list_10.p95",
        "task_list_10.with_counts.p95",
        "task_list_10.filtered.p95",
        "portfolio_10.by_risk.p95",
        "own_acts_10.stale",
        "live_3.slowest",
        "search_50.sqlite.p95",
    } <= set(names)


def test_the_shares_of_a_step_add_up_to_the_whole(figures: list[Figure]) -> None:
    share = {figure.name: figure.value for figure in figures}

    assert sum(share[f"floor.share.{name}"] for name in SHARES) == pytest.approx(100)


def test_each_due_timer_fires_once_and_in_due_order(figures: list[Figure]) -> None:
    seen = {figure.name: figure.value for figure in figures}

    assert seen["timers_5.not_fired"] == 0
    assert seen["timers_5.fired_twice"] == 0
    assert seen["timers_5.out_of_order"] == 0


def test_the_first_page_shows_what_the_reader_may_take(figures: list[Figure]) -> None:
    seen = {figure.name: figure.value for figure in figures}

    assert seen["task_list_10.rows"] == 10


def test_no_answer_lacks_what_the_reader_has_just_done(figures: list[Figure]) -> None:
    seen = {figure.name: figure.value for figure in figures}

    assert (seen["own_acts_10.stale"], seen["own_acts_10.read"]) == (0, 32)


def test_a_figure_says_whether_it_is_where_it_should_be() -> None:
    told = as_json(
        [
            Figure("fast", 650, "/s", 600, "at least"),
            Figure("slow", 30, "ms", 25),
            Figure("plain", 3, "ms"),
        ]
    )

    assert [told[name]["reached"] for name in ("fast", "slow", "plain")] == [True, False, None]
