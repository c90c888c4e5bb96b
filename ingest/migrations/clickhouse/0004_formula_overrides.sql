-- Reference data like companies: replaced as a whole from Postgres, where a row says what its nulls mean.
create table if not exists raw.formula_overrides (
    company_id     UUID,
    formula        LowCardinality(String),
    parameter_set  LowCardinality(Nullable(String)),
    parameter      LowCardinality(Nullable(String)),
    value          Nullable(Float64),
    effective_from Date32,
    copied_at      DateTime64(6, 'UTC') default now64(6)
)
engine = MergeTree order by (company_id, formula, effective_from);
