"""Client of the Impact platform's API.

    from impact_client import Impact

    with Impact("https://impact.example", key) as impact:
        for month in impact.reporting.iter_metrics(company_id):
            print(month.period, month.sessions_count)

`AsyncImpact` is the same with `await`. Calls that fail raise an exception of `impact_client.errors`, a class
per kind of problem in `impact_client.problems`.
"""

from impact_client import models, problems
from impact_client._api_version import API_VERSION
from impact_client._async.client import AsyncImpact
from impact_client._retries import Retries
from impact_client._sync.client import Impact
from impact_client.errors import (
    ApiUnreachable,
    CompanyMissing,
    ImpactError,
    ImpactProblem,
    UnexpectedAnswer,
)
from impact_client.updates import Conflated, Gap, Reset, StreamEvent, Update

__all__ = [
    "API_VERSION",
    "ApiUnreachable",
    "AsyncImpact",
    "CompanyMissing",
    "Conflated",
    "Gap",
    "Impact",
    "ImpactError",
    "ImpactProblem",
    "Reset",
    "Retries",
    "StreamEvent",
    "UnexpectedAnswer",
    "Update",
    "models",
    "problems",
]
