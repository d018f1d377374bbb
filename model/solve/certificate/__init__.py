"""Proof that a solved stage is best, from a reading of the scenario that shares no code with the formulation."""

from model.solve.certificate.cells import Cells
from model.solve.certificate.judge import Certificate, Place, certify, judge
from model.solve.certificate.programme import Stage, programme
from model.solve.certificate.reading import Reading, read

__all__ = ["Cells", "Certificate", "Place", "Reading", "Stage", "certify", "judge", "programme", "read"]
