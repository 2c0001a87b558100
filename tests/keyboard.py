"""A page used with the keyboard alone, from wherever one is: Tab, the arrows, Space and Enter."""

from playwright.sync_api import Locator, Page

MOST = 150  # keys before something counts as out of reach
IS_FOCUSED = "element => element === document.activeElement"
IN_FOCUSED_GROUP = "radio => radio.name === document.activeElement.name"


def _press_until(page: Page, key: str, reached, wanted: Locator) -> None:
    for _ in range(MOST):
        if reached():
            return
        page.keyboard.press(key)
    raise AssertionError(f"{key} does not reach {wanted}")


def reach(page: Page, wanted: Locator) -> None:
    _press_until(page, "Tab", lambda: wanted.evaluate(IS_FOCUSED), wanted)


def enter(page: Page, wanted: Locator) -> None:
    """Follow a link or press a button; what it leads to has come when this returns."""
    reach(page, wanted)
    with page.expect_navigation():  # somebody else signs in next: nothing may be on its way
        page.keyboard.press("Enter")


def write(page: Page, field: Locator, words: str) -> None:
    """Write instead of what stands in a field."""
    reach(page, field)
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type(words)


def tick(page: Page, box: Locator) -> None:
    reach(page, box)
    page.keyboard.press("Space")
    assert box.is_checked()


def choose(page: Page, radio: Locator) -> None:
    """Of a group only one can be reached; the arrows go on from it, and round."""
    _press_until(page, "Tab", lambda: radio.evaluate(IN_FOCUSED_GROUP), radio)
    _press_until(page, "ArrowDown", radio.is_checked, radio)


def select(page: Page, field: Locator, option: str) -> None:
    """Choose from a list by the letters that an option begins with."""
    reach(page, field)
    page.keyboard.type(option)
    chosen = field.evaluate("field => field.selectedOptions[0].label")
    assert chosen.startswith(option)
