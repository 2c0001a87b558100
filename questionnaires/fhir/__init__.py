"""HL7 FHIR R4: `Questionnaire` in and out, `QuestionnaireResponse` out. No database, no network."""

from questionnaires.fhir.exporting import questionnaire
from questionnaires.fhir.importing import Imported, imported
from questionnaires.fhir.notes import Unsupported
from questionnaires.fhir.responses import response

__all__ = ["Imported", "Unsupported", "imported", "questionnaire", "response"]
