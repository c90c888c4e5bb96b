-- Grain: placement of one person.
with latest as (
    {{ latest_events('ingest.placement.created', [
        'sourceSystem LowCardinality(String)',
        'sourceId String',
        'userId UUID',
        'placementType LowCardinality(String)',
        'status LowCardinality(String)',
        "placementDate DateTime64(3, \\'UTC\\')",
        'outcome Tuple(successful Nullable(Bool), rating Nullable(Float64))',
    ]) }}
)

select
    data.sourceSystem as source_system,
    data.sourceId as source_id,
    subject,
    company_id,
    data.userId as person_id,
    data.placementType as placement_type,
    data.status as status,
    data.placementDate as placed_at,
    data.outcome.successful as is_successful,
    -- A placement's scale is always 1 to 5, by its contract.
    (data.outcome.rating - 1) / 4 as rating,
    event_id,
    loaded_at
from latest
