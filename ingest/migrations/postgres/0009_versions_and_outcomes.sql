-- A fact may be corrected and corrected back. The id of a content is claimed once; its newest source time is kept, so
-- that the same content said again later is published as a later version of the same event. Null: nobody wrote it down
-- (claimed before this column), and whatever comes is taken for newer.
alter table ingest.event_ids add column source_time timestamptz;

-- What became of each delivery, on the row it has anyway: a row per step would cost as much as the delivery itself.
alter table ingest.deliveries
    add column settled_at       timestamptz,
    -- published: it brought the event; known: the event was there with an equal or later source time;
    -- retrying: it failed and waits in the broker; dead: it was given up, see ingest.dead_letters.
    add column outcome          text check (outcome in ('published', 'known', 'retrying', 'dead')),
    add column event_id         uuid,
    add column failure_count    smallint,
    add column last_error       text,
    add column retry_at         timestamptz,
    add column duplicate_count  integer,      -- how often the sender repeated it; null: never
    add column last_repeated_at timestamptz,
    -- Leaves room beside each new row, so that settling it touches no index (a HOT update).
    set (fillfactor = 70);

create index delivery_conflicts_delivery on ingest.delivery_conflicts (source, delivery_id);
