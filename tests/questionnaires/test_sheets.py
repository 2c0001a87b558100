"""Our own layout: one row a question, each mistake told with its row."""

import pytest

from questionnaires.definition import BadDefinition, Kind, questions
from questionnaires.sheets import from_sheet

SHEET = """section,id,text,kind,options,required,reverse,scale
Sleep,well,Did you sleep well?,,0=Never=0=support|1=Often=1,yes,,Sleep:mean:1
Sleep,woke,Did you wake up?,scale,0=Never=0|1=Often=1,,yes,Sleep
,where,Where?,open choice,Home|Ward,,,
,,Anything else?,long text,,,,
"""


def test_a_sheet_is_read():
    found = from_sheet(SHEET.encode(), title="Zoë’s nights")

    assert [(one.link_id, one.kind, one.required, one.reverse) for one in questions(found)] == [
        ("well", Kind.SCALE, True, False),
        ("woke", Kind.SCALE, False, True),
        ("where", Kind.OPEN_CHOICE, False, False),
        ("row-5", Kind.LONG_TEXT, False, False),
    ]
    assert [(one.text, len(one.items)) for one in found.items[:2]] == [("Sleep", 2), ("Where?", 0)]
    assert [one.low for one in found.items[0].items[0].options] == [True, False]
    [scale] = found.scales
    assert (scale.name, scale.method, scale.needed) == ("Sleep", "mean", 1)
    assert scale.items == ("well", "woke")


@pytest.mark.parametrize(
    ("sheet", "place", "reason"),
    [
        (b"", "", "empty"),
        (b" " * 2_000_000, "", "empty"),
        (b"a" * 2_000_000, "", "larger than 1 MB"),
        (b"text,colour\nA,b\n", "column “colour”", "not known"),
        (b"id,kind\na,scale\n", "", "no column “text”"),
        (b"text,kind\nA,file\n", "row 2, kind", "one of"),
        (b"text,kind\n,scale\n", "row 2, text", "missing"),
        (b"text,options\nA,1=B=C=D=E\n", "row 2, options", "code=text=score"),
        (b"text,required\nA,perhaps\n", "row 2, required", "yes or no"),
        (b"text,scale\nA,S:table\n", "row 2, scale", "mean"),
        (b"text,options,scale\nA,1=B=1,S:sum:many\n", "scale “S”", "whole"),
        (b"text,id\nA,x\nB,x\n", "link_id “x”", "Two items"),
        (b"text,options\nA,1=B=NaN\n", "items[0].options[0].score", "number"),
        (b"text\nA\x00B\n", "", ""),
    ],
)
def test_what_is_wrong_is_told_with_its_row(sheet, place, reason):
    with pytest.raises(BadDefinition) as refused:
        from_sheet(sheet, title="T")

    assert reason in refused.value.reason
    assert not place or refused.value.place == place
