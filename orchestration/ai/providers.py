"""Who may be asked to label, as Dagster's assets get it."""

from contextlib import closing

import dagster as dg
import psycopg

from ingest.stores import postgres_connection
from nlp.evaluation.classifiers import LOCAL, Makers
from orchestration.ai.claude import evaluating_makers, scoring_makers
from orchestration.ai.settings import AiSettings
from orchestration.resources import Stores
from orchestration.scoring.models import ScoringMakers


class Providers(dg.ConfigurableResource):  # type: ignore[type-arg]  # generic only for IO managers
    """Makes classifiers as this installation's settings allow.

    The key is read when one is made and is no field here, since Dagster shows the fields of its resources.
    """

    is_paid_allowed: bool = True  # False: nothing that costs is asked, key or not

    def for_scoring(self, stores: Stores) -> ScoringMakers:
        if not self.is_paid_allowed:
            return LOCAL
        return scoring_makers(AiSettings(), lambda: _connection(stores))

    def for_evaluation(self, stores: Stores) -> Makers:
        if not self.is_paid_allowed:
            return LOCAL
        return evaluating_makers(AiSettings(), lambda: _connection(stores))


def _connection(stores: Stores) -> "closing[psycopg.Connection]":
    return closing(postgres_connection(stores.settings, autocommit=True))
