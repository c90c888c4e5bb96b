-- The review queue of flagged texts. No text is kept here: a reviewer's look fetches it by event id, and is recorded.
create schema safety;

create table safety.review_items (
    item_id           uuid primary key,      -- also the flag's id; follows from the version of the text
    text_id           uuid not null,
    event_id          uuid not null unique,  -- the version of the text that was flagged
    text_type         text not null check (text_type in ('kintell_feedback', 'buddy_feedback', 'checkin_note')),
    company_id        uuid,                  -- null: no company is known, and the platform's administrators review it
    person_id         uuid,                  -- personal data: whom the text is about
    written_at        timestamptz not null,
    language          text not null,
    action            text not null check (action in ('warn', 'hold', 'block', 'escalate')),
    category          text not null,         -- of the gravest finding
    categories        text[] not null,
    rules             text[] not null,
    severity          text not null check (severity in ('low', 'medium', 'high', 'critical')),
    confidence        double precision not null,
    safety_version    text not null,
    -- A cry for help: it takes two people to let it pass, and a correction of the text does not close it.
    is_crisis         boolean not null,
    state             text not null check (state in ('pending', 'escalated', 'approved', 'rejected')),
    version           integer not null default 1,  -- of the row: a decision names the version it was made on
    assignee          text,                  -- caller id, until the lease ends
    lease_until       timestamptz,
    raised_at         timestamptz not null,
    due_at            timestamptz not null,
    escalated_at      timestamptz,
    first_approved_by text,                  -- of the two that a crisis takes
    first_approved_at timestamptz,
    decided_by        text,
    decided_at        timestamptz,
    applied_at        timestamptz,           -- when the gate had carried the decision out
    superseded_at     timestamptz,           -- a newer version of the text has taken its place, nothing to decide
    check ((state in ('approved', 'rejected')) = (decided_at is not null)),
    check ((assignee is null) = (lease_until is null))
);
create index review_items_open on safety.review_items (due_at, item_id)
    where state in ('pending', 'escalated') and superseded_at is null;
create index review_items_company on safety.review_items (company_id, raised_at, item_id);
create index review_items_text on safety.review_items (text_id);
create index review_items_unapplied on safety.review_items (decided_at)
    where decided_at is not null and applied_at is null;

-- Every decision, also those that did not close an item: the labelled data by which rules are judged.
create table safety.review_decisions (
    review_id      uuid primary key default gen_random_uuid(),
    item_id        uuid not null references safety.review_items on delete cascade,
    item_version   integer not null,       -- on which it was made
    reviewer       text not null,          -- caller id
    decision       text not null check (decision in ('approved', 'rejected', 'escalated')),
    is_final       boolean not null,       -- false: an escalation, or the first approval of two
    is_flag_right  boolean,                -- null: the reviewer did not say
    categories     text[] not null,        -- what screening had said, kept with the label
    rules          text[] not null,
    language       text not null,
    safety_version text not null,
    notes          text,                   -- may hold personal data
    decided_at     timestamptz not null default now(),
    unique (item_id, item_version)
);
create index review_decisions_rules on safety.review_decisions using gin (rules);

-- Who looked at which text, when: every answer that carried a flagged text.
create table safety.text_views (
    view_id    bigint generated always as identity primary key,
    item_id    uuid not null,
    text_id    uuid not null,
    event_id   uuid not null,
    company_id uuid,
    viewer     text not null,              -- caller id
    request_id text not null,
    viewed_at  timestamptz not null default now()
);
create index text_views_item on safety.text_views (item_id, viewed_at);
