"""How the dashboard's figures are worked out, in the words of the page."""

from programme.disclosure import Rule


def paragraphs(text: str) -> tuple[str, ...]:
    return tuple(" ".join(part.split()) for part in text.strip().split("\n\n"))


FUNNEL = paragraphs("""
Each stage counts people once, however often they applied, trained or were employed, by what had
happened by the day shown. Who applied in a round counts from the day they sent their application,
each address once, also before they are on the list of people.

Each share is of the people of the stage before who reached this one. The last share is of those
employed at least 24 months before that day, because nobody else could have been in post so long.

Somebody may be employed without having trained here. They are counted as employed; shares of
those who started or completed training leave them out.
""")

FILTERS = paragraphs("""
A cohort keeps the people of that cohort. A site keeps the cohorts and posts there. Team and
employer keep posts and leave the figures about training as they are.
""")

CURVE = paragraphs("""
The curve is the Kaplan–Meier estimate of the share still in post by days since the start. People
still in post on the day shown are followed up to then and no further. The band is the 95%
interval on the log(−log) scale; there is none while nobody has left.
""")

RETENTION = paragraphs("""
Being in post means continuous employment in the programme: posts that overlap or follow within
seven days are one, because a move or a promotion is not leaving. Somebody who comes back later is
followed anew. People are grouped and filtered by the post they began with; by cohort, the latest
that they had started before.

A career break, maternity and other leave count as in post: the post is still theirs.

The day a post ends is the first day without it. The share after 6, 12 or 24 calendar months is of
those who started at least so long before, with its 95% Wilson interval. The curve’s value also
uses people who started later.
""")

COMPARISON = paragraphs("""
Groups are compared by the log-rank test.
""")

YEAR = paragraphs("""
Stability is the share of people in post twelve months before who are in post on the day. Turnover
is the number who left in those twelve months over the average of the numbers in post on the first
and on the last day.
""")

VACANCIES = paragraphs("""
Vacancies are the funded WTE that is not filled on the day. 1 WTE is 37.5 hours a week.
""")


CONVERSION = paragraphs("""
Conversion is the number of people who reached a stage over the number at the stage before. Each
person counts once, by what had happened by the day shown. Overall is the last stage over those who
started training. Whoever reached a stage without the one before is left out.
""")

ATTRITION = paragraphs("""
Attrition is the people who started training and have neither completed, nor are still in training,
nor deferred, over all who started. Only cohorts that had closed by the day count: those past their
last day, or, without a last day, those in which nobody was still in training.
""")

STABILITY = paragraphs("""
Stability is the share of people in post twelve months before who are in post on the day; joiners
never count. The one-year variant, used by some trusts, is the people with twelve months’ unbroken
service or more over the same number; it is the lower where somebody left and came back.

Leaving means leaving the posts of this programme. A career break, maternity and other leave count
as in post.
""")

TURNOVER = paragraphs("""
Turnover is the leavers of twelve months over the average of the numbers in post on the first and
on the last of these days, in heads and in WTE (contracted hours over 37.5). A move between posts
within seven days is no leaving. Stability and turnover do not add up to 100%: leavers may be recent
joiners.
""")

TIME_TO_HIRE = paragraphs("""
Time to hire is the days from the publication of a vacancy to the day on which the applicant was
moved to appointed, because their start was confirmed. It is of vacancies filled in the twelve
months up to the day. The 90th centile is the shortest time within which nine in ten were hired.
Imported people, who came by no round, are not in it.
""")

REASONS = paragraphs("""
Completeness is the leavers of twelve months with a known reason over all of them. A reason that
only says that it is unknown does not count as known.
""")

REASONS_TABLE = paragraphs("""
A leaver’s reason is that of the post they left, by the groups of the NHS list. Reasons are as they
are recorded today, of those who had left by the day.
""")

HISTORY = paragraphs("""
Figures as at a past day are worked out from the dates on record: who had applied, started,
completed, begun or left a post by that day, and how much of each post was funded on it. Hours and
reasons have no dates of their own and are as they are recorded today. Something recorded late
counts from the day on which it happened, so a figure of a past day can still change.
""")


def published(rule: Rule) -> tuple[str, ...]:
    """How published figures are made, by a rule."""
    return paragraphs(f"""
Published figures: a number of people from 1 to {rule.smallest_shown - 1} is hidden and shown as *,
and every other is rounded to the nearest {rule.rounded_to}. A larger number is hidden too where a
reader who adds and subtracts could otherwise tell a small one. Shares are worked out from the
rounded numbers, to a whole per cent, and hidden where one of them is.

They are of the whole programme and of the last day of a quarter: another day is taken as the end of
the quarter before it, so that nobody’s coming or leaving shows by the day. With few people most
figures are hidden, and that is as it should be.
""")
