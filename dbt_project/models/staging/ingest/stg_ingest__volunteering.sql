-- Grain: entry of volunteering hours at its source.
-- The suite's short announcement counts only as long as the full record has not come.
with latest as (
    {{ latest_events(['ingest.volunteer.logged', 'external.volunteer.logged'], [
        'sourceSystem LowCardinality(String)',
        'source LowCardinality(String)',
        'sourceId String',
        'userId UUID',
        'activityType LowCardinality(Nullable(String))',
        'hoursLogged Float64',
        "activityDate DateTime64(3, \\'UTC\\')",
        'causeArea LowCardinality(Nullable(String))',
        'sdgGoals Array(UInt8)',
        'verified Bool',
    ], preferred='ingest.volunteer.logged') }}
)

select
    toLowCardinality(if(data.sourceSystem != '', data.sourceSystem, data.source)) as source_system,
    data.sourceId as source_id,
    subject,
    company_id,
    data.userId as person_id,
    data.activityType as activity_type,
    data.hoursLogged as hours,
    data.activityDate as activity_at,
    data.causeArea as cause_area,
    data.sdgGoals as sdg_goals,
    data.verified as is_verified,
    event_id,
    loaded_at
from latest
