"""UK mobile numbers, the only ones that text messages go to."""

import re

# Mobiles begin with 07, but 070 and 076 are something else, save 07624. Source: Ofcom, *The
# National Telephone Numbering Plan*.
MOBILE = re.compile(r"(?:\+44|0044|44|0)(7[1-57-9][0-9]{8}|7624[0-9]{6})", re.ASCII)
BETWEEN = re.compile(r"[ ()-]")


def uk_mobile(text: str) -> str:
    """A number as people write it, as `+44` and ten figures.

    Raises:
        ValueError: it is no UK mobile number.
    """
    found = MOBILE.fullmatch(BETWEEN.sub("", text.replace("(0)", "", 1)))
    if found is None:
        raise ValueError("This is not a UK mobile number.")
    return "+44" + found[1]
