-- What journey rules ask about: each version of what a person did, typed, beside the person's others.
create database if not exists journey;

-- A person's activities lie together, the versions of one activity next to each other, in small granules: asking about
-- a thousand people of a hundred thousand reads a few hundred thousand rows, not all. Nothing is changed or taken out here
-- but by erasure: what was believed on a day can be asked again.
create table if not exists journey.events (
    company_id   UUID comment 'Attributed when the event was written; nil where no company is known',
    person_id    UUID comment 'The participant or user the event is about',
    subject_key  UInt64 comment 'Hash of event type and subject: versions of one activity share it',
    source_time  DateTime64(3, 'UTC') comment 'When the source said so: the newest version of an activity counts',
    event_id     UUID comment 'The version; of two written in the same instant the one that sorts last counts',
    is_deleted   Bool comment 'From this version on the person does not have the activity: moved away or taken back',
    event_type   LowCardinality(String) comment 'Name of the contract; an alias goes by the name it stands for',
    subject      String comment 'Natural key at the source, e.g. session/LS-40217' codec(ZSTD(1)),
    occurred_at  DateTime64(3, 'UTC'),
    recorded_at  DateTime64(6, 'UTC') comment 'When the platform knew; a version that arrives again is another row',
    kind         LowCardinality(String) comment 'Which sort: language or mentorship of a session, dimension of a score, programme of an enrolment, …',
    status       LowCardinality(String) comment 'State of an enrolment, placement or course, mood of a check-in, reason of an ending',
    role         LowCardinality(String) comment 'Which side a rating or feedback comes from',
    language     LowCardinality(String) comment 'Language of the scored text, or of a match',
    label        LowCardinality(String) comment 'Course or focus area',
    provider     LowCardinality(String) comment 'System that says so, e.g. ecornell or benevity',
    level        Nullable(Float64) comment 'Language level, A1 is 1 and C2 is 6',
    score        Nullable(Float64) comment 'Rating, outcome score or final score, 0 to 1',
    minutes      Nullable(Float64) comment 'How long it took',
    progress     Nullable(Float64) comment 'How far a course or enrolment is, 0 to 1'
)
engine = ReplacingMergeTree
order by (company_id, person_id, subject_key, source_time, event_id, is_deleted, recorded_at)
settings index_granularity = 256, non_replicated_deduplication_window = 10000;

-- What is there already and what arrives go through one definition: a table that keeps nothing passes both on.
create table if not exists journey.arrivals as raw.events engine = Null;

create materialized view if not exists journey.events_from_arrivals to journey.events as
with
    if(event_type = 'q2q.analyzed', 'q2q.scored', event_type) as type_,
    JSONExtract(data, 'Tuple(
        sessionType String, programType String, eventType String, placementType String, credentialType String,
        dimension String, activityType String, donationType String, employeeType String, milestoneCategory String,
        skillCategory String, status String, reason String, mood String, fromRole String, language String,
        courseId String, focusArea String, causeArea String, provider String, sourceSystem String,
        languageLevel String, rating Nullable(Float64), score Nullable(Float64), finalScore Nullable(Float64),
        durationMinutes Nullable(Float64), hoursLogged Nullable(Float64), hoursCompleted Nullable(Float64),
        progressPercent Nullable(Float64), completionPercentage Nullable(Float64)
    )') as said
select
    company_id,
    person_id,
    cityHash64(type_, subject) as subject_key,
    source_time,
    event_id,
    false as is_deleted,
    type_ as event_type,
    subject,
    event_time as occurred_at,
    loaded_at as recorded_at,
    -- Each type says at most one of these.
    concat(
        said.sessionType, said.programType, said.eventType, said.placementType, said.credentialType, said.dimension,
        said.activityType, said.donationType, said.employeeType, said.milestoneCategory, said.skillCategory
    ) as kind,
    concat(said.status, said.reason, said.mood) as status,
    said.fromRole as role,
    said.language as language,
    concat(said.courseId, said.focusArea, said.causeArea) as label,
    concat(said.provider, said.sourceSystem) as provider,
    nullIf(toFloat64(indexOf(['A1', 'A2', 'B1', 'B2', 'C1', 'C2'], said.languageLevel)), 0) as level,
    coalesce(said.rating, said.score, said.finalScore / 100) as score,
    coalesce(said.durationMinutes, said.hoursLogged * 60, said.hoursCompleted * 60) as minutes,
    coalesce(said.progressPercent, said.completionPercentage) / 100 as progress
from journey.arrivals
where person_id != toUUID('00000000-0000-0000-0000-000000000000')
    and (startsWith(event_type, 'kintell.') or startsWith(event_type, 'buddy.') or startsWith(event_type, 'upskilling.')
        or event_type in (
            'ingest.enrollment.created', 'ingest.placement.created', 'ingest.volunteer.logged', 'ingest.donation.made',
            'ingest.directory.synced', 'q2q.scored', 'q2q.analyzed'
        ));

create materialized view if not exists journey.arrivals_from_raw to journey.arrivals as select * from raw.events;

insert into journey.arrivals select * from raw.events settings max_partitions_per_insert_block = 0;
