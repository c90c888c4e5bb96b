"""What every table, view, stream and folder says about people, declared once and read by all that depends
on it."""

from orchestration.privacy.declarations.declarations import Declarations
from orchestration.privacy.declarations.grammar import Column, DeclarationError, Relation, Retention, Via
from orchestration.privacy.declarations.reading import declared

__all__ = ["Column", "DeclarationError", "Declarations", "Relation", "Retention", "Via", "declared"]
