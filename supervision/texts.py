"""Words that we put into a new agreement; both can change them before they sign.

What can never stay between two people is named in every agreement before the first session.
Sources: domain.md 5.3 rule 6.
"""

CONFIDENTIALITY = (
    "What we talk about stays between us. We both see what is written down about our sessions, and "
    "nothing counts as agreed until the worker has confirmed it. Programme leads see the dates of "
    "our sessions and whether they took place, never what was said."
)
LIMITS = (
    "There are three limits. If there is a serious risk of harm to somebody, if a child or an "
    "adult needs to be protected (safeguarding), or if the law demands it, what was said may have "
    "to be passed on. Then only what is needed is shared, only with who needs it, and we talk "
    "about it with each other first wherever that is safe."
)
PURPOSES = {
    "line_management": (
        "Time to talk about the job: work and workload, hours and leave, adjustments, training and "
        "where this role can lead."
    ),
    "lived_experience": (
        "Time to talk about the peer role itself with somebody who knows it: using one’s own "
        "story, mutuality, boundaries, endings, and looking after oneself in the work."
    ),
    "clinical": (
        "Time to think about the work with people who use services: what helps, what is hard, and "
        "what is safe."
    ),
}
