"""Every route about a company, with parameters under which it has something to show."""

from __future__ import annotations

from uuid import UUID

from tests.serving.figures import cohort_of

# `{company}` and `{cohort}` stand for ids.
COMPANY_ROUTES = {
    "/v1/companies/{company_id}/at-a-glance": "?period=2026-Q2",
    "/v1/companies/{company_id}/metrics": "",
    "/v1/companies/{company_id}/history": "?metric=sessions_count&months=6",
    "/v1/companies/{company_id}/sroi": "?period=2026-Q2",
    "/v1/companies/{company_id}/vis": "?period=2026-Q2&top=3",
    "/v1/companies/{company_id}/outcomes": "?dimensions=confidence,belonging",
    "/v1/companies/{company_id}/tiles": "",
    "/v1/companies/{company_id}/tiles/{tile}": "",
    "/v1/companies/{company_id}/sdg": "",
    "/v1/companies/{company_id}/trends": "?metric=sessions_count&granularity=day",
    "/v1/companies/{company_id}/cohorts": "",
    "/v1/companies/{company_id}/cohorts/compare": "?metric=integration_score&cohort_ids={cohort}",
    "/v1/companies/{company_id}/cohorts/{cohort_id}/metrics": "",
    "/v1/companies/{company_id}/retention": "",
    "/v1/companies/{company_id}/funnels": "",
    "/v1/companies/{company_id}/benchmarks": "?compare_with=all",
    "/v1/companies/{company_id}/export/csrd": "",
}
LISTS = [
    template
    for template in COMPANY_ROUTES
    if template.rpartition("/")[2] not in ("at-a-glance", "sroi", "vis", "csrd")
]


def address(template: str, company: UUID, cohort_owner: UUID | None = None) -> str:
    """The route's address for a company; the cohort is its own unless another owner is named."""
    cohort = str(cohort_of(cohort_owner or company))
    path = template + COMPANY_ROUTES[template]
    for name, value in {
        "{company_id}": str(company),
        "{cohort_id}": cohort,
        "{cohort}": cohort,
        "{tile}": "mentorship",
    }.items():
        path = path.replace(name, value)
    return path
