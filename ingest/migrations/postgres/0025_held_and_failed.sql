-- Texts that callers of the API sent for labelling and screening held: there is no event to fetch them from.
alter table safety.review_items drop constraint review_items_text_type_check;
alter table safety.review_items add constraint review_items_text_type_check
    check (text_type in ('kintell_feedback', 'buddy_feedback', 'checkin_note', 'api_text'));

create table safety.held_texts (
    event_id   uuid primary key,           -- as in the item; no event has it
    company_id uuid not null,
    content    text not null,              -- personal data: the words as they were sent, until a person has decided
    findings   jsonb not null,             -- category, severity, rule, places: as nlp.verdicts has them of other texts
    held_at    timestamptz not null default now()
);
create index held_texts_held_at on safety.held_texts (held_at);

-- A decision that could not be carried out stays a decision to carry out, and is tried again.
alter table safety.review_items
    add column apply_failures integer not null default 0,
    add column apply_again_at timestamptz;
