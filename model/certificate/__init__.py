"""Proof that a solved stage is best, or that there is no plan, from a reading of the scenario that shares no code with the formulation."""

from model.certificate.cases import GIVEN, Chance, given, over_cases
from model.certificate.cells import Cells
from model.certificate.judge import Certificate, Place, certify, judge
from model.certificate.own_rules import rule_of
from model.certificate.programme import Stage, programme
from model.certificate.reading import Reading, read
from model.certificate.refutation import Refutation, refute

__all__ = [
    "GIVEN", "Cells", "Certificate", "Chance", "Place", "Reading", "Refutation", "Stage", "certify", "given", "judge",
    "over_cases", "programme", "read", "refute", "rule_of",
]  # fmt: skip
