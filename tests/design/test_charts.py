"""Charts: safe, steady, and with everything that a reader needs."""

import re
from itertools import pairwise
from xml.etree import ElementTree

import pytest

from design.charts import (
    COLOURS,
    Curve,
    Point,
    Stage,
    _label_heights,
    _steps,
    funnel_chart,
    funnel_size,
    plain,
    survival_chart,
    survival_size,
)
from design.gallery import CURVES, STAGES, TICKS

HOSTILE = '<a href="https://evil.example">王</a> \\(x^2\\) <script>alert(1)</script> & \x00'


def seen(svg: str) -> list[str]:
    """What can be read in a picture, text by text, without invisible joiners."""
    root = ElementTree.fromstring(svg)
    texts = root.iter("{http://www.w3.org/2000/svg}text")
    return ["".join(text.itertext()).strip().replace("\u2060", "") for text in texts]


def survival() -> str:
    return survival_chart(CURVES, title="Retention", ticks=TICKS)


def test_survival_chart_names_lines_axes_and_numbers_at_risk():
    words = seen(survival())

    wanted = ["Months in post", "Still in post", "Number still followed", "0%", "100%", "24"]
    assert [word for word in wanted if word not in words] == []
    assert [words.count(curve.name) for curve in CURVES] == [2, 2, 2]  # at the line, at the numbers
    assert [str(number) for number in CURVES[0].at_risk if str(number) not in words] == []


def test_funnel_chart_says_every_number():
    assert seen(funnel_chart(STAGES, title="Funnel")) == [
        "Applied: 60",
        "Started training: 28 (47% of those who applied)",
        "Completed: 10 (36% of those who started)",
        "In post: 7 (25% of those who started)",
        "In post after 24 months: 0",
    ]


@pytest.mark.parametrize(
    "svg",
    [
        lambda: survival_chart(
            [Curve(HOSTILE, [Point(0, 1), Point(9, 0.5, 0.2, 0.8)], [1])],
            title=HOSTILE.replace("\x00", ""),
            ticks=[0],
            x_title=HOSTILE,
            y_title=HOSTILE,
        ),
        lambda: funnel_chart([Stage(HOSTILE, 3, HOSTILE)], title="Funnel"),
    ],
    ids=["survival", "funnel"],
)
def test_names_stay_words_in_a_picture(svg):
    picture = svg()

    elements = list(ElementTree.fromstring(picture).iter())
    tags = {element.tag.split("}")[1] for element in elements}
    attributes = {name.split("}")[-1] for element in elements for name in element.attrib}
    assert tags & {"script", "a", "image", "foreignObject", "use"} == set()
    assert [name for name in attributes if name == "href" or name.startswith("on")] == []
    assert re.findall(r"@import|@font-face|url\((?!#)", picture) == []


def test_name_is_seen_letter_by_letter():
    words = seen(funnel_chart([Stage("<Łukasz> \\(王\\)", 3)], title="Funnel"))

    assert words == ["<Łukasz> \\(王\\): 3"]


def test_same_numbers_make_the_same_picture():
    assert survival() == survival()


def test_picture_scales_and_has_a_title():
    width, height = survival_size(len(CURVES))

    svg = survival()

    assert f'viewBox="0 0 {width}.0 {height}.0"' in svg
    assert "<title>Retention</title>" in svg
    assert funnel_size(5)[1] > funnel_size(4)[1]


def test_curves_are_told_apart_without_colour():
    dashes = set(re.findall(r'stroke-dasharray="([^"]+)"', survival()))

    assert len(dashes) >= 2  # the third line is solid


def test_one_curve_nobody_left_and_no_curve_at_all_are_drawn():
    assert "All" in seen(survival_chart([Curve("All", [Point(0, 1)], [0])], title="T", ticks=[0]))
    assert "Months in post" in seen(survival_chart([], title="T", ticks=[0, 12]))
    assert "Nobody to show" in seen(survival_chart([], title="T", ticks=[0, 12]))
    assert seen(funnel_chart([], title="T")) == ["Nobody to show"]
    assert seen(funnel_chart([Stage("Applied", 0)], title="T")) == ["Applied: 0"]


def test_more_curves_than_colours_are_drawn():
    many = [Curve(f"Team {n}", [Point(0, 1), Point(12, n / 10)], [9]) for n in range(9)]

    words = seen(survival_chart(many, title="T", ticks=[0]))

    assert len(many) > len(COLOURS)
    assert [words.count(curve.name) for curve in many] == [2] * 9


def test_numbers_at_risk_that_do_not_fit_the_ticks_are_an_error():
    with pytest.raises(ValueError, match="All: 1 numbers at 2 ticks"):
        survival_chart([Curve("All", [Point(0, 1)], [7])], title="T", ticks=[0, 12])


def test_value_holds_until_the_next_step():
    curve = Curve("All", [Point(0, 1), Point(3, 0.5), Point(9, 0.25)], [])

    corners = [(at, point.value) for at, point in _steps(curve.points, 9, curve)]

    assert corners == [(0, 1), (3, 1), (3, 0.5), (9, 0.5), (9, 0.25), (9, 0.25)]


def test_names_at_the_ends_of_close_lines_do_not_touch():
    curves = [Curve(str(value), [Point(0, value)], []) for value in (0.99, 1.0, 1.0, 0.2)]

    heights = sorted(_label_heights(curves))

    gaps = [after - before for before, after in pairwise(heights)]
    assert min(gaps) >= 0.0699
    assert max(heights) <= 1.0


def test_plain_leaves_ordinary_names_alone():
    assert plain("Zoë Ó Briain & Łukasz, 王") == "Zoë Ó Briain & Łukasz, 王"
