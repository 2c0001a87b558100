"""The watching of pages in the browser tests notices what it should."""

import pytest

from tests.browser import watch


@pytest.mark.browser
@pytest.mark.parametrize(
    ("html", "noticed"),
    [
        (
            "<img src='http://127.0.0.1:9/picture.png'>",
            "request to another host: http://127.0.0.1:9/",
        ),
        ("<script>console.warn('beware')</script>", "console warning: beware"),
        ("<script>console.error('broken')</script>", "console error: broken"),
        ("<script>throw new Error('thrown')</script>", "uncaught: thrown"),
    ],
)
def test_bad_page_is_noticed(browser, html, noticed):
    page, problems = browser.new_page(), []
    watch(page, "http://own.example", problems)

    page.set_content(html)

    assert [line for line in problems if line.startswith(noticed)] != []
    page.close()


@pytest.mark.browser
def test_axe_notices_a_picture_without_words(browser, axe):
    page = browser.new_page()
    page.set_content("<html lang=en><title>T</title><main><h1>T</h1><img src='data:,'></main>")

    with pytest.raises(AssertionError, match="image-alt"):
        axe(page)

    page.close()
