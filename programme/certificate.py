"""The certificate of a completion that somebody confirmed."""

from design.certificate import Certificate, write_certificate
from programme.models import Completion
from programme.requirements import in_full, plain


def certificate_pdf(completion: Completion, *, issuer: str) -> bytes:
    """The certificate as PDF; it names nothing that was adjusted or repeated.

    Person, cohort, version, programme and confirmer must have been read with the completion, as
    `of_certificate` does.
    """
    return write_certificate(certificate_of(completion, issuer=issuer))


def certificate_of(completion: Completion, *, issuer: str) -> Certificate:
    """What stands on it."""
    place = completion.enrolment
    version = place.cohort.programme_version
    lines = [("Completed on", in_full(completion.completed_on)), ("Cohort", place.cohort.name)]
    if version and version.hours:
        lines.append(("Hours of teaching", plain(version.hours)))
    if version and (covered := ", ".join(domain.name for domain in version.domains.all())):
        lines.append(("Competence", covered))
    if completion.confirmed_by:
        lines.append(("Confirmed by", completion.confirmed_by.name))
    return Certificate(
        issuer=issuer,
        name=str(place.person),
        sentence="has completed the training programme",
        subject=version.programme.name if version else place.cohort.name,
        day=completion.completed_on,
        lines=lines,
    )
