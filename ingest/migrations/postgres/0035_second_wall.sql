-- A second wall between companies: what the API reads of one company it reads as a role that sees that company only,
-- whatever its statement says. And what administrators of the platform looked at, for good.

-- Roles belong to the whole server, which may hold several platforms.
do $$ begin
    create role impact_reader nologin;
exception when duplicate_object or unique_violation then null;
end $$;
grant impact_reader to current_user;

create schema served;
-- The company of the session. Unset or empty: none, so that who forgets it sees nothing.
create function served.company() returns uuid
language sql stable parallel safe as $$
    select nullif(current_setting('app.company', true), '')::uuid
$$;
grant usage on schema ingest, serving, ai, served to impact_reader;

-- Everybody else owns the tables and is not bound by this.
do $$
declare
    walled text;
begin
    foreach walled in array array[
        'ingest.companies', 'ingest.cohort_definitions', 'serving.company_versions', 'ai.months', 'ai.daily_costs'
    ] loop
        execute format('alter table %s enable row level security', walled);
        execute format(
            'create policy of_one_company on %s for select to impact_reader'
            ' using (company_id = (select served.company()))', walled
        );
        execute format('grant select on %s to impact_reader', walled);
    end loop;
end $$;
alter table ai.caps enable row level security;
create policy of_one_company on ai.caps for select to impact_reader
    using (company_id is null or company_id = (select served.company()));  -- null: the cap of whoever has no own
grant select on ai.caps, serving.data_versions to impact_reader;

-- Materialized views know no row level security, so each has a view before it. One that is built anew loses its view
-- and gets it back in the same transaction: models/serving calls this after each.
create function served.raise_wall() returns void
language plpgsql as $$
declare
    missing record;
begin
    perform pg_advisory_xact_lock(7163202649);  -- two runs that miss the same view would both make it
    for missing in
        select built.relname, (
            select string_agg(quote_ident(attname), ', ' order by attnum)
            from pg_attribute where attrelid = built.oid and attnum > 0 and not attisdropped
        ) as columns
        from pg_class as built
        where built.relkind = 'm' and built.relnamespace = 'serving'::regnamespace
            and not exists (
                select from pg_class as wall
                where wall.relname = built.relname and wall.relnamespace = 'served'::regnamespace
            )
    loop
        execute format(
            'create view served.%1$I with (security_barrier) as select %2$s from serving.%1$I'
            ' where company_id = (select served.company())', missing.relname, missing.columns
        );
        execute format('grant select on served.%I to impact_reader', missing.relname);
    end loop;
end
$$;
select served.raise_wall();

-- Each request by which an administrator of the platform reached into companies. Callers and ids; no person of a
-- programme. Written in batches, a second after the log has it.
create table ingest.admin_reads (
    request_id  uuid primary key,
    asked_at    timestamptz not null,
    caller_id   text not null,
    method      text not null,
    route       text not null,                   -- its template: ids of people stay out
    company_id  uuid,                            -- null: the address names none
    recorded_at timestamptz not null default now()
);
create index admin_reads_newest on ingest.admin_reads (asked_at, request_id);
create index admin_reads_company on ingest.admin_reads (company_id, asked_at, request_id);
create trigger is_append_only before update or delete or truncate on ingest.admin_reads
    for each statement execute function privacy.refuse_change();
