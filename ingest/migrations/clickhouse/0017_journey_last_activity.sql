-- Of the activity that happened last, also which one it is and of which type: whether it can change a flag at all is
-- mostly seen from that, without reading the person's others. Rows of before are counted in the same statement: a run that
-- died half-way starts over.
drop table if exists journey.person_arrivals_from_events;

drop table if exists journey.person_arrivals;

create table journey.person_arrivals (
    company_id    UUID,
    person_id     UUID,
    arrival_count SimpleAggregateFunction(sum, UInt64) comment 'Versions of activities inserted; copies count again',
    arrival_hash  SimpleAggregateFunction(groupBitXor, UInt64) comment 'Of all of them, whatever their order',
    newest        SimpleAggregateFunction(max, Tuple(
                      occurred_at DateTime64(3, 'UTC'), hash UInt64, subject_key UInt64, event_type String
                  )) comment 'The activity that happened last, with its part of the hash',
    recorded_at   SimpleAggregateFunction(max, DateTime64(6, 'UTC'))
)
engine = AggregatingMergeTree
order by (company_id, person_id)
settings index_granularity = 256, non_replicated_deduplication_window = 10000;

create materialized view journey.person_arrivals_from_events to journey.person_arrivals as
select
    company_id,
    person_id,
    count() as arrival_count,
    groupBitXor(hash) as arrival_hash,
    max(tuple(occurred_at, hash, subject_key, type_)) as newest,
    max(known_at) as recorded_at
from (
    select
        company_id,
        person_id,
        occurred_at,
        subject_key,
        toString(event_type) as type_,
        recorded_at as known_at,
        cityHash64(subject_key, source_time, event_id, is_deleted, recorded_at) as hash
    from journey.events
)
group by company_id, person_id;

insert into journey.person_arrivals
select
    company_id,
    person_id,
    count() as arrival_count,
    groupBitXor(hash) as arrival_hash,
    max(tuple(occurred_at, hash, subject_key, type_)) as newest,
    max(known_at) as recorded_at
from (
    select
        company_id,
        person_id,
        occurred_at,
        subject_key,
        toString(event_type) as type_,
        recorded_at as known_at,
        cityHash64(subject_key, source_time, event_id, is_deleted, recorded_at) as hash
    from journey.events
)
group by company_id, person_id;
