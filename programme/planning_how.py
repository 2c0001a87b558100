"""How planning is worked out, in the words of the page; docs/planning.md has it in full."""


def _paragraphs(text: str) -> tuple[str, ...]:
    return tuple(" ".join(part.split()) for part in text.strip().split("\n\n"))


HOW = _paragraphs("""
The answer comes from your own records: what share of those who started training completed it, what
share of those were employed and after how long, and how long people in post have stayed. Recent
starters are left out of the shares until they have had as much time as the slowest so far.

The computer draws 4,000 possible futures from these records. In each, people in post now stay or
leave, people on their way now arrive or do not, and new starters come until there are enough.

The number given is the middle of these futures: with so many starters you reach your number in
half of them. The 80% range leaves out the lowest and the highest tenth; the 95% range leaves out
the lowest and highest fortieth. With few records the ranges are wide, and rightly so.

That nobody has left yet is not taken to mean that nobody will: half a leaver is added. Shares get
half a person on each side for the same reason.

The method takes the years ahead to be like those recorded. It knows nothing of a new training
programme, of funding that ends or of posts that cannot be found. In 1,000 simulated programmes the
80% range held what then happened in about 80 of 100.
""")
