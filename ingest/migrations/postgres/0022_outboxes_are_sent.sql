-- The worker sends both outboxes. A row is sealed, and committed so, before its message leaves: a sealed row that is
-- still there may have been sent, and is sent again as it is. Whoever inserts wakes the worker.
alter table ingest.event_outbox add column sealed_at timestamptz;
alter table serving.announcements add column sealed_at timestamptz;

create function ingest.wake_outbox_sender() returns trigger
language plpgsql as $$
begin
    perform pg_notify('outboxes', '');
    return null;
end
$$;

create trigger wakes_the_sender after insert on ingest.event_outbox
    for each statement execute function ingest.wake_outbox_sender();
create trigger wakes_the_sender after insert on serving.announcements
    for each statement execute function ingest.wake_outbox_sender();

-- The trigger notifies, whichever way a row comes in.
create or replace function serving.announce(company_id uuid, name text, message_id text, data jsonb) returns void
language sql as $$
    insert into serving.announcements (company_id, name, message_id, data)
    values ($1, $2, $3, $4) on conflict do nothing;
$$;

-- Changed figures are announcements like all others.
insert into serving.announcements (company_id, name, message_id, data, announced_at)
select
    company_id,
    'metric.updated',
    data_version || ':' || company_id || ':' || period || ':' || metric,
    jsonb_build_object(
        'metric', metric, 'periodGrain', period_grain, 'period', period,
        'value', value, 'previousValue', previous_value, 'dataVersion', data_version
    ),
    changed_at
from serving.update_outbox
order by update_id
on conflict do nothing;

drop table serving.update_outbox;
