-- What the rules of the journey say of people: now, since when, and what was believed before. All of it follows from
-- events and rules, and can be computed anew; `python -m orchestration.journey` is its one writer.
create schema journey;

-- Every version of every rule there has been, with the time from which it counts: at a moment, of those that count by
-- then, the one recorded last. Append-only.
create table journey.rule_versions (
    version_id     bigint generated always as identity primary key,
    rule_id        text not null,
    rule_hash      text not null,            -- of all that decides an answer or an effect
    definition     jsonb not null,           -- the rule file
    state          text not null check (state in ('draft', 'shadow', 'canary', 'active', 'retired')),
    effective_from timestamptz not null,
    recorded_at    timestamptz not null
);
create index rule_versions_rule on journey.rule_versions (rule_id, version_id);

-- One row per person of a company whom an event of the journey is about. A person who is known to two companies is
-- two rows, and neither company sees the other's.
create table journey.people (
    company_id        uuid not null,         -- nil: no company is known, as in raw.events
    person_id         uuid not null,         -- personal data
    version           bigint not null,       -- of the row: who writes names the one it read
    -- What the person was evaluated from: the activities that had arrived, as `journey.person_arrivals` counts them, and
    -- the rules in force. Equal on both, nothing has to be evaluated again before `next_change_at`.
    arrival_count     bigint not null,
    arrival_hash      bigint not null,
    rules_hash        text not null,
    evaluated_through timestamptz not null,  -- the history says what held up to then
    next_change_at    timestamptz,           -- when a condition may change with no event arriving; null: never
    is_asked_for      boolean not null default false,  -- somebody wants the whole history looked at again
    states            bytea not null,        -- per rule, what the next evaluation goes on from
    primary key (company_id, person_id)
);
create index people_due on journey.people (next_change_at) where next_change_at is not null;
create index people_asked_for on journey.people (company_id, person_id) where is_asked_for;

-- What was believed, when, about when. Nothing is changed here: a late, corrected or erased event adds rows of a
-- higher revision, and these take the place of all that lower revisions say about their first `valid_from` and after.
create table journey.flag_history (
    history_id  bigint generated always as identity primary key,
    company_id  uuid not null,
    person_id   uuid not null,               -- personal data
    rule_id     text not null,
    rule_hash   text not null,
    flag        text,                        -- null: the rule sets none
    milestone   text,                        -- null: it leads to none
    value       boolean not null,            -- whether what the rule says holds from then on
    valid_from  timestamptz not null,        -- since when it holds in the world
    recorded_at timestamptz not null,        -- since when it is known here
    revision    bigint not null,             -- per person and rule
    cause       text not null check (cause in ('event', 'time', 'expiry', 'rules', 'correction')),
    is_in_force boolean not null,            -- false: a rule on trial; recorded, and nobody is told
    facts       jsonb not null,
    unmet       jsonb not null,              -- conditions that kept it from holding, with how much was missing
    evidence    uuid[] not null,             -- events that made it hold
    run_id      uuid not null                -- the evaluation that wrote the row
);
create index flag_history_belief
    on journey.flag_history (company_id, person_id, rule_id, revision desc, valid_from desc);

-- What holds now, of rules in force. One row per flag that a person has had.
create table journey.flags (
    company_id uuid not null,
    person_id  uuid not null,                -- personal data
    flag       text not null,
    is_set     boolean not null,
    value      jsonb not null,               -- the rule's, true for most; false once the flag is cleared
    rule_id    text not null,                -- that decides: of several which set one flag, the first by priority
    rule_hash  text not null,
    since      timestamptz not null,
    expires_at timestamptz,                  -- null: for as long as its conditions hold
    version    bigint not null default 1,    -- counts changes
    changed_at timestamptz not null,         -- when it became known here
    primary key (company_id, person_id, flag)
);
create index flags_set on journey.flags (company_id, flag, since) where is_set;

-- Reached once per person of a company, whatever happens after.
create table journey.milestones (
    company_id         uuid not null,
    person_id          uuid not null,        -- personal data
    milestone          text not null,
    reached_at         timestamptz not null,
    rule_id            text,                 -- null: recorded by a person
    rule_hash          text,
    evidence           uuid[] not null,      -- events that led to it
    event_id           uuid,                 -- of orchestration.milestone.reached; null while its rule is on trial
    recorded_at        timestamptz not null,
    recorded_by        text,                 -- caller id, where a person recorded it
    reason             text not null,
    -- An event it followed from was corrected or erased and nothing leads to it any more. It is not reached twice.
    withdrawn_at       timestamptz,
    primary key (company_id, person_id, milestone),
    check ((rule_id is null) = (recorded_by is not null))
);

-- What computing all flags anew has found, each night.
create table journey.proofs (
    proof_id            bigint generated always as identity primary key,
    proven_at           timestamptz not null,
    person_count        bigint not null,     -- compared
    waiting_count       bigint not null,     -- left out: an evaluation was on its way
    drift_count         bigint not null,     -- flags that differed
    missing_event_count bigint not null      -- in raw.events alone, or in journey.events alone
);

-- Somebody asks for a person to be evaluated: the row is created if need be, and the engine woken.
create function journey.ask(company_id uuid, person_id uuid) returns void
language sql as $$
    insert into journey.people (
        company_id, person_id, version, arrival_count, arrival_hash, rules_hash, evaluated_through, is_asked_for, states
    ) values ($1, $2, 0, 0, 0, '', '1970-01-01T00:00:00Z', true, '')
    on conflict (company_id, person_id) do update set is_asked_for = true, version = people.version + 1;
    select pg_notify('journey', '');
$$;
