"""Each formula of domain.md 4.7 as a worked case, and what holds for every scale."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaires.definition import Answers, Item, Kind, Method, Option, questions, read, written
from questionnaires.instruments import INSTRUMENTS, SWEMWBS
from questionnaires.scoring import NOT_ENOUGH, ends, is_low, item_score, reversed_score, scores
from tests.questionnaires.definitions import asking, definitions, every_kind


def values(key: str, answers: Answers) -> dict[str, Decimal | None]:
    return {one.scale.key: one.value for one in scores(INSTRUMENTS[key].definition, answers)}


def all_answered(key: str, code: str, **others: str) -> Answers:
    asked = questions(INSTRUMENTS[key].definition)
    return {item.link_id: code for item in asked} | others


def in_order(*codes: int) -> Answers:
    return {str(place): str(code) for place, code in enumerate(codes, start=1)}


@pytest.mark.parametrize("key", INSTRUMENTS)
def test_an_instrument_has_slots_for_words_that_are_not_ours(key):
    definition = INSTRUMENTS[key].definition

    assert read(written(definition)) == definition
    assert all(item.slot for item in questions(definition))
    assert definition.licence
    assert definition.credit


def test_who_5_of_3_3_2_2_3_is_52():
    [score] = scores(INSTRUMENTS["who-5"].definition, in_order(3, 3, 2, 2, 3))

    assert score.value == 52
    assert score.words == "52"
    assert not score.band.low


@pytest.mark.parametrize(("codes", "low"), [((3, 3, 2, 2, 2), True), ((3, 3, 3, 2, 2), False)])
def test_who_5_calls_for_a_closer_look_below_13(codes, low):
    [score] = scores(INSTRUMENTS["who-5"].definition, in_order(*codes))

    assert score.value == sum(codes) * 4
    assert score.band.low == low


def test_support_is_offered_after_a_low_answer_or_for_a_low_score():
    definition = INSTRUMENTS["who-5"].definition

    assert is_low(definition, in_order(3, 3, 2, 2, 2))
    assert not is_low(definition, in_order(3, 3, 3, 2, 2))
    assert is_low(every_kind(), {"calm": "0"})
    assert not is_low(every_kind(), {"calm": "1"})


def test_who_5_needs_all_five():
    [score] = scores(INSTRUMENTS["who-5"].definition, in_order(3, 3, 2, 2))

    assert (score.value, score.answered, score.words, score.band) == (None, 4, NOT_ENOUGH, None)


@pytest.mark.parametrize("raw", range(7, 36))
def test_swemwbs_converts_each_sum(raw):
    codes = [1 + (raw - 7 + place) // 7 for place in range(7)]

    assert sum(codes) == raw
    [score] = scores(INSTRUMENTS["swemwbs"].definition, in_order(*codes))
    assert score.words == SWEMWBS[raw - 7]


def test_swemwbs_at_its_ends_and_its_middle():
    assert [SWEMWBS[raw - 7] for raw in (7, 21, 35)] == ["7.00", "19.25", "35.00"]


def test_wemwbs_is_a_sum_of_14_to_70():
    assert values("wemwbs", all_answered("wemwbs", "1")) == {"well-being": 14}
    assert values("wemwbs", all_answered("wemwbs", "5")) == {"well-being": 70}


def test_cbi_has_three_means_and_turns_energy_for_the_family_round():
    answers = all_answered("cbi", "100")

    assert values("cbi", answers) == {
        "personal": 100,
        "work": Decimal(600) / 7,
        "client": 100,
    }
    assert values("cbi", answers | {"work-7": "0"})["work"] == 100
    assert values("cbi", all_answered("cbi", "75", **{"personal-1": "25"}))["personal"] == (
        Decimal(400) / 6
    )


def test_cbi_is_missing_with_too_few_answers():
    personal = {f"personal-{number}": "50" for number in (1, 2)}
    work = {f"work-{number}": "50" for number in (1, 2, 3)}

    assert values("cbi", personal | work) == {"personal": None, "work": None, "client": None}
    enough = personal | work | {"personal-3": "100", "work-7": "50"}
    assert values("cbi", enough) == {"personal": Decimal(200) / 3, "work": 50, "client": None}


def test_proqol_is_three_sums_of_ten_with_bands():
    found = scores(INSTRUMENTS["proqol-5"].definition, all_answered("proqol-5", "2"))

    assert {one.scale.key: one.value for one in found} == {
        "satisfaction": 20,
        "burnout": 5 * 2 + 5 * 4,
        "trauma": 20,
    }
    assert [one.band.name for one in found] == ["Low", "Average", "Low"]
    items = [set(one.scale.items) for one in found]
    assert sorted(int(number) for one in items for number in one) == list(range(1, 31))


def test_ons4_reports_its_four_answers_on_their_own():
    assert values("ons4", in_order(7, 8, 6, 3)) == {
        "life-satisfaction": 7,
        "worthwhile": 8,
        "happiness": 6,
        "anxiety": 3,
    }


# --- What holds for every scale -------------------------------------------------------------------


@given(definition=definitions(), data=st.data())
def test_turning_a_score_round_twice_leaves_it(definition, data):
    items = [item for item in questions(definition) if item.options]
    for item in items:
        score = data.draw(st.sampled_from(item.options)).score
        lowest, highest = ends(item)

        assert reversed_score(item, reversed_score(item, score)) == score
        assert lowest <= reversed_score(item, score) <= highest


@given(
    codes=st.lists(st.none() | st.integers(1, 5), min_size=6, max_size=6),
    needed=st.integers(1, 6),
    method=st.sampled_from(Method),
)
def test_a_value_lies_within_its_bounds_and_needs_enough_answers(codes, needed, method):
    if method in {Method.SUM, Method.TABLE}:
        needed = 6
    definition = six_items(method, needed)
    answers = {str(place): str(code) for place, code in enumerate(codes) if code}

    [score] = scores(definition, answers)

    bounds = {"sum": (6, 30), "mean": (1, 5), "percentage": (0, 100), "table": (-30, -6)}
    if len(answers) < needed:
        assert score.value is None
    else:
        lowest, highest = bounds[method]
        assert lowest <= score.value <= highest
    assert score.answered == len(answers)


def six_items(method: Method, needed: int):
    options = [{"code": str(one), "text": str(one), "score": str(one)} for one in range(1, 6)]
    table = [[str(raw), str(-raw)] for raw in range(6, 31)] if method == Method.TABLE else []
    return read(
        {
            "title": "Six",
            "items": [
                {
                    "link_id": str(place),
                    "text": "Q",
                    "kind": "scale",
                    "options": options,
                    "reverse": place % 2 == 0,
                }
                for place in range(6)
            ],
            "scales": [
                {
                    "key": "six",
                    "name": "Six",
                    "items": [str(place) for place in range(6)],
                    "method": method,
                    "needed": needed,
                    "table": table,
                }
            ],
        }
    )


def test_an_answer_to_what_is_not_shown_does_not_count():
    options = [{"code": "a", "text": "A", "score": "1"}]
    condition = {"question": "yes", "operator": "=", "answer": True}
    asked = asking(
        {"link_id": "yes"},
        {"link_id": "q", "kind": "scale", "options": options, "conditions": [condition]},
    )
    document = written(asked) | {
        "scales": [{"key": "s", "name": "S", "items": ["q"], "method": "sum", "needed": 1}]
    }

    assert [one.value for one in scores(read(document), {"yes": True, "q": "a"})] == [1]
    assert [one.value for one in scores(read(document), {"yes": False, "q": "a"})] == [None]


def test_words_of_ones_own_score_nothing():
    item = Item("q", "Q", Kind.OPEN_CHOICE, options=(Option("a", "A", Decimal(1)),))

    assert item_score(item, {"text": "a"}) is None
    assert item_score(item, {"code": "a"}) == 1
