-- A number that grows with every statement on reference data: whoever copies them sees at a glance whether to copy again.
create table ingest.reference_version (
    singleton boolean primary key default true check (singleton),
    version   bigint not null
);
insert into ingest.reference_version (version) values (0);

create function ingest.reference_changed() returns trigger language plpgsql as $$
begin
    update ingest.reference_version set version = version + 1;
    return null;
end $$;

create trigger companies_changed after insert or update or delete or truncate on ingest.companies
for each statement execute function ingest.reference_changed();
create trigger company_members_changed after insert or update or delete or truncate on ingest.company_members
for each statement execute function ingest.reference_changed();
create trigger program_instances_changed after insert or update or delete or truncate on ingest.program_instances
for each statement execute function ingest.reference_changed();
