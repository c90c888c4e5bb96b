-- The nightly proof looks at one thing more: whether each activity is with whom its newest version names.
alter table journey.proofs
    add column misplaced_count bigint not null default 0;  -- activities that are with somebody else
