-- The second wall behind the rest of what the API reads of one company: journeys, the review queue, deliveries to
-- partners, requests about people, and what administrators of the platform looked at. What is written there keeps its
-- own predicates; see docs/decisions/0081-the-wall-behind-the-rest.md.
grant usage on schema journey, safety, impact_in, privacy to impact_reader;

do $$
declare
    walled text;
begin
    foreach walled in array array[
        'journey.people', 'journey.flags', 'journey.flag_history', 'journey.milestones', 'safety.review_items',
        'impact_in.connections', 'impact_in.secrets', 'impact_in.schedules', 'impact_in.slots',
        'impact_in.scheduled_deliveries', 'privacy.requests', 'privacy.restrictions', 'ingest.admin_reads'
    ] loop
        execute format('alter table %s enable row level security', walled);
        execute format(
            'create policy of_one_company on %s for select to impact_reader'
            ' using (company_id = (select served.company()))', walled
        );
    end loop;
end $$;
grant select on journey.people, journey.flags, journey.flag_history, journey.milestones, safety.review_items,
    impact_in.connections, impact_in.schedules, impact_in.slots, impact_in.scheduled_deliveries, privacy.requests,
    privacy.restrictions, ingest.admin_reads to impact_reader;
-- That there is a secret, and of which name; what it is stays with those who deliver.
grant select (company_id, platform, name) on impact_in.secrets to impact_reader;

-- Rows that belong to a row above: seen with it.
do $$
declare
    walled record;
begin
    for walled in select * from (values
        ('safety.review_decisions', 'item_id', 'safety.review_items', 'item_id'),
        ('impact_in.attempts', 'delivery_id', 'impact_in.scheduled_deliveries', 'delivery_id'),
        ('impact_in.callbacks', 'delivery_id', 'impact_in.scheduled_deliveries', 'delivery_id'),
        ('privacy.request_events', 'request_id', 'privacy.requests', 'request_id'),
        ('privacy.downloads', 'request_id', 'privacy.requests', 'request_id')
    ) as belongs (relation, column_name, owner, owner_column) loop
        execute format('alter table %s enable row level security', walled.relation);
        execute format(
            'create policy of_one_company on %1$s for select to impact_reader'
            ' using (exists (select from %3$s as owner where owner.%4$s = %1$s.%2$s))',
            walled.relation, walled.column_name, walled.owner, walled.owner_column
        );
        execute format('grant select on %s to impact_reader', walled.relation);
    end loop;
end $$;
