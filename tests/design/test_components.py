"""The component tags are strict, and escape what they are given."""

import re
from decimal import Decimal

import pytest
from django.core.paginator import Paginator
from django.template import TemplateSyntaxError, engines
from django.test import RequestFactory


def drawn(source: str, path: str = "/", **context) -> str:
    template = engines["django"].from_string("{% load components %}" + source)
    return re.sub(r"\s+", " ", template.render(context, RequestFactory().get(path)))


@pytest.mark.parametrize(
    "source",
    [
        '{% button "Save" colour="red" %}',
        '{% tag "New" color="red" %}',
        "{% back_link %}",
        '{% figure "In post" %}',
        "{% details %}x{% enddetails %}",
        '{% inset "x" %}y{% endinset %}',
    ],
)
def test_unknown_or_missing_argument_is_an_error(source):
    with pytest.raises(TemplateSyntaxError):
        drawn(source)


@pytest.mark.parametrize(
    "source",
    [
        '{% button "Save" variant="green" %}',
        '{% tag "New" colour="mauve" %}',
        "{% summary_list rows %}",
    ],
)
def test_unknown_value_is_an_error(source):
    with pytest.raises(ValueError, match=r"must be one of|has 2 or 4 parts"):
        drawn(source, rows=[("Name", "Zoë", "/people/")])


def test_button_with_an_address_is_a_link():
    assert re.search(
        r"<a [^>]*href=\"/people/\"[^>]*>Add</a>", drawn('{% button "Add" href="/people/" %}')
    )


@pytest.mark.parametrize(
    "source",
    [
        "{% button words %}",
        "{% button words href=words %}",
        "{% tag words %}",
        "{% back_link words words %}",
        "{% figure words value=words note=words href=words %}",
        "{% summary_list rows %}",
        "{% inset %}{{ words }}{% endinset %}",
        "{% details words %}{{ words }}{% enddetails %}",
        "{% warning words %}{{ words }}{% endwarning %}",
        "{% empty_state words %}{{ words }}{% endempty_state %}",
    ],
)
def test_words_are_escaped_once(source):
    words = '<script>"&'
    html = drawn(source, words=words, rows=[(words, words, words, words)])

    assert "<script>" not in html
    assert "&lt;script&gt;&quot;&amp;" in html
    assert "&amp;lt;" not in html


def test_markup_of_the_template_inside_a_block_stays_markup():
    assert "<p>Kept</p>" in drawn("{% inset %}<p>Kept</p>{% endinset %}")


def test_pagination_keeps_the_filters_and_says_which_rows_are_shown():
    page = Paginator(range(1200), 25).page(2)

    html = drawn("{% pagination page %}", "/people/?q=Zo%C3%AB&page=2", page=page)

    assert re.findall(r'href="\?q=Zo%C3%AB&amp;page=(\d+)"', html) == [
        "1",
        "1",
        "2",
        "3",
        "48",
        "3",
    ]
    assert "Showing 26 to 50 of 1,200" in html
    assert re.search(r'page=2" aria-label="Page 2" aria-current="page"', html)


def test_list_of_one_page_has_no_pagination():
    assert drawn("{% pagination page %}", page=Paginator(range(3), 25).page(1)).strip() == ""


def test_fact_that_nobody_wrote_down_says_so_and_nought_is_a_fact():
    html = drawn("{% summary_list rows %}", rows=[("Reference", ""), ("Leaver", None), ("Open", 0)])

    assert re.findall(r"<dd[^>]*>(.*?)</dd>", html) == [
        '<span class="lxp-muted">Not recorded</span>',
        '<span class="lxp-muted">Not recorded</span>',
        "0",
    ]


def test_two_places_says_so_where_a_number_is_not_known():
    numbers = (Decimal("0.8"), 0, None)
    shown = [drawn("{{ number|two_places }}", number=number) for number in numbers]
    assert shown == ["0.80", "0.00", "Not known"]
