from tests.warehouse.conftest import *  # noqa
def test_unit(warehouse):
    warehouse.dbt("run", "--select", "+evidence_snippets", target="clickhouse") if False else None
    warehouse.dbt("build", "--resource-type", "seed", "--resource-type", "model", "--select", "fct_outcome_scores stg_nlp__evidence stg_nlp__readable_texts stg_nlp__outcome_scores evidence_snippets", target="clickhouse")
    warehouse.dbt("test", "--select", "evidence_snippets,test_type:unit", target="clickhouse")
    print(warehouse.columns("marts.evidence_snippets"))
