-- What a company has agreed to reckon with instead of the standard parameters of a formula, each from a day on.
-- Rows are added, not changed: what was in force on an earlier day stays known.
create table ingest.formula_overrides (
    company_id     uuid not null references ingest.companies on delete cascade,
    formula        text not null check (formula <> ''),
    effective_from date not null,
    -- Either the choice of a whole set of parameters …
    parameter_set  text check (parameter_set <> ''),
    -- … or one parameter's own value; null gives the parameter back to the set.
    parameter      text check (parameter <> ''),
    value          double precision check (value > '-infinity' and value < 'infinity'),
    set_at         timestamptz not null default now(),
    check ((parameter_set is null) <> (parameter is null)),
    check (value is null or parameter is not null),
    unique nulls not distinct (company_id, formula, effective_from, parameter)
);

create trigger formula_overrides_changed after insert or update or delete or truncate on ingest.formula_overrides
for each statement execute function ingest.reference_changed();
