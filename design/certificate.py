"""A certificate of one page as an accessible PDF (PDF/UA-1)."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from design.pdf import set_pdf

TEMPLATE = Path(__file__).parent / "typst" / "certificate.typ"


@dataclass(frozen=True)
class Certificate:
    """What it certifies of whom; `lines` stand below, each one of (what, value)."""

    issuer: str
    name: str
    sentence: str
    subject: str
    day: dt.date
    lines: Sequence[tuple[str, str]]


def write_certificate(certificate: Certificate) -> bytes:
    """The page as PDF/UA-1; the same certificate gives the same bytes."""
    day = certificate.day
    return set_pdf(
        TEMPLATE,
        {
            "title": f"Certificate of completion: {certificate.name}",
            "issuer": certificate.issuer,
            "name": certificate.name,
            "sentence": certificate.sentence,
            "subject": certificate.subject,
            "year": day.year,
            "month": day.month,
            "day": day.day,
            "lines": [list(line) for line in certificate.lines],
        },
    )
