"""What is worth talking about in the supervision of peer work: our own words, for the agenda.

A prompt only offers words to begin with. Which one somebody picked is never counted.
"""

from typing import NamedTuple


class Prompt(NamedTuple):
    """One prompt: its key in the database, what it is about, and questions to begin with."""

    key: str
    about: str
    questions: str


PROMPTS = (
    Prompt(
        "own_story",
        "Using my own story",
        "What did I share of my own experience, and who was it for? Was there something I was "
        "pressed to share, or held back?",
    ),
    Prompt(
        "role_drift",
        "Role drift",
        "What was I asked to do that is not peer work? What kept the work peer work?",
    ),
    Prompt(
        "mutuality",
        "Mutuality",
        "Where did we learn from each other? Where did I begin to fix, advise or carry it alone?",
    ),
    Prompt(
        "team_attitudes",
        "Attitudes in the team",
        "How am I spoken to and about? What did I hear said of people who use services, and what "
        "should the organisation do about it?",
    ),
    Prompt(
        "boundaries",
        "Boundaries",
        "Where was it hard to say no, or to stop? What do I take home with me?",
    ),
    Prompt(
        "endings",
        "Endings",
        "Which ending is near or just over, planned or not? What would make it a good one for "
        "both of us?",
    ),
)

ABOUT = {prompt.key: prompt.about for prompt in PROMPTS}
