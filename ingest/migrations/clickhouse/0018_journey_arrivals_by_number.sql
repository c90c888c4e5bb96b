-- The same rows at less cost: of tuples the engine compares whole objects, of numbers their bytes. When and which hash
-- are one number here, and whatever else is said of that activity follows it. Times of before 1970 sort as well.
alter table journey.person_arrivals_from_events modify query
select
    company_id,
    person_id,
    count() as arrival_count,
    groupBitXor(hash) as arrival_hash,
    tuple(max(occurred_at), argMax(hash, place), argMax(subject_key, place), argMax(type_, place)) as newest,
    max(known_at) as recorded_at
from (
    select
        company_id,
        person_id,
        occurred_at,
        subject_key,
        toString(event_type) as type_,
        recorded_at as known_at,
        cityHash64(subject_key, source_time, event_id, is_deleted, recorded_at) as hash,
        bitOr(
            bitShiftLeft(toUInt128(toInt128(toUnixTimestamp64Milli(occurred_at)) + toInt128('9223372036854775808')), 64),
            toUInt128(hash)
        ) as place
    from journey.events
)
group by company_id, person_id;
