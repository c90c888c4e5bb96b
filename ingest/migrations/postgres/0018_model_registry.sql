-- Which model labels texts, since when, on the strength of which evaluation; and whether its answers have drifted.
-- No table here holds a text or a person.
create schema registry;

-- A lane serves at most one model at an instant.
create table registry.lanes (
    lane     integer generated always as identity primary key,
    purpose  text not null check (purpose <> ''),
    provider text not null check (provider <> ''),
    unique (purpose, provider)
);

create table registry.models (
    model_id       text primary key check (model_id ~ '^[a-z0-9][a-z0-9.-]*$'),
    lane           integer not null references registry.lanes,
    definition     jsonb not null,  -- all that decides a score: provider, model, prompt version, thresholds
    content_sha256 text not null,   -- of the definition
    effective_from timestamptz not null,
    is_shadow      boolean not null,
    description    text not null,
    is_listed      boolean not null default true,  -- false: the file of models no longer has it
    deactivated_at timestamptz,     -- by an operator; a sync does not serve it again
    first_used_at  timestamptz,     -- it has served or scored: its definition is final
    synced_at      timestamptz not null default now()
);

create table registry.evaluations (
    evaluation_id  uuid primary key default gen_random_uuid(),
    model_id       text not null references registry.models,
    content_sha256 text not null,
    set_version    text not null,
    set_sha256     text not null,
    split          text not null,
    figures        jsonb not null,
    evaluated_at   timestamptz not null default now(),
    evaluated_by   text not null
);
create index evaluations_of_model on registry.evaluations (model_id, evaluated_at desc);

-- What the gate made of an evaluation under one policy. Another policy is another judgement.
create table registry.judgements (
    judgement_id  bigint generated always as identity primary key,
    evaluation_id uuid not null references registry.evaluations,
    policy        jsonb not null,
    policy_sha256 text not null,
    has_passed    boolean not null,
    failures      jsonb not null,
    judged_at     timestamptz not null default now(),
    unique (evaluation_id, policy_sha256),
    check (has_passed = (failures = '[]'))
);

create table registry.serving_windows (
    window_id    bigint generated always as identity primary key,
    lane         integer not null references registry.lanes,
    model_id     text not null references registry.models,
    judgement_id bigint not null references registry.judgements,
    during       tstzrange not null check (not isempty(during) and lower_inc(during) and not upper_inc(during)),
    is_operators boolean not null,  -- opened by a person; a sync leaves it alone
    opened_at    timestamptz not null default now(),
    -- A range of one lane in place of the lane: its equality would need the extension btree_gist.
    exclude using gist (int4range(lane, lane, '[]') with &&, during with &&)
);

create table registry.drift_baselines (
    baseline_id  uuid primary key default gen_random_uuid(),
    model_id     text not null references registry.models,
    window_from  timestamptz not null,
    window_until timestamptz not null check (window_until > window_from),
    text_count   integer not null,
    series       jsonb not null,    -- frozen bins and counts, per series and language
    pinned_at    timestamptz not null default now(),
    pinned_by    text not null
);
create index drift_baselines_of_model on registry.drift_baselines (model_id, pinned_at desc);

create table registry.drift_checks (
    model_id       text not null references registry.models,
    baseline_id    uuid not null references registry.drift_baselines,
    grain          text not null check (grain in ('daily', 'weekly')),
    window_from    timestamptz not null,
    window_until   timestamptz not null,
    series         text not null,
    language       text not null,
    baseline_count integer not null,
    window_count   integer not null,
    psi            double precision,  -- null: too few texts
    psi_noise      double precision,  -- what chance alone makes of it on average
    js_divergence  double precision,  -- nats
    js_distance    double precision,
    p_value        double precision,
    q_value        double precision,  -- p after Benjamini-Hochberg over the check's family
    verdict        text not null check (verdict in ('insufficient', 'ok', 'monitor', 'shifted', 'alert')),
    severity       text not null check (severity in ('none', 'low', 'medium', 'high')),
    checked_at     timestamptz not null default now(),
    primary key (model_id, grain, window_from, series, language)
);
create index drift_checks_newest on registry.drift_checks (window_until desc, model_id);

-- Every change of the above but the results of checks, which a later run may replace.
create table registry.audit (
    audit_id   bigint generated always as identity primary key,
    changed_at timestamptz not null default clock_timestamp(),
    actor      text not null,
    action     text not null check (action in ('insert', 'update', 'delete')),
    table_name text not null,
    row_before jsonb,
    row_after  jsonb
);

create function registry.write_audit() returns trigger language plpgsql as $$
declare
    row_before jsonb := case when tg_op <> 'INSERT' then to_jsonb(old) - array['figures', 'series', 'policy', 'synced_at'] end;
    row_after  jsonb := case when tg_op <> 'DELETE' then to_jsonb(new) - array['figures', 'series', 'policy', 'synced_at'] end;
begin
    if row_before is distinct from row_after then
        insert into registry.audit (actor, action, table_name, row_before, row_after)
        values (
            coalesce(nullif(current_setting('registry.actor', true), ''), session_user),
            lower(tg_op), tg_table_name, row_before, row_after
        );
    end if;
    return null;
end
$$;

create function registry.refuse_change() returns trigger language plpgsql as $$
begin
    raise exception 'rows of registry.% are kept as they were written', tg_table_name;
end
$$;

create function registry.guard_model() returns trigger language plpgsql as $$
begin
    if old.first_used_at is not null and (
        tg_op = 'DELETE' or new.content_sha256 <> old.content_sha256 or new.definition <> old.definition
        or new.lane <> old.lane or new.first_used_at is distinct from old.first_used_at
    ) then
        raise exception 'model % has been in use since % and is final; give the change an id of its own',
            old.model_id, old.first_used_at;
    end if;
    return case when tg_op = 'DELETE' then old else new end;
end
$$;

-- The past stays as it was: windows begin now or later, and only what is still to come can be taken back.
create function registry.guard_window() returns trigger language plpgsql as $$
declare
    has_passed boolean;
begin
    if tg_op = 'DELETE' then
        if lower(old.during) <= now() then
            raise exception 'window % of model % has begun and cannot be deleted', old.window_id, old.model_id;
        end if;
        return old;
    end if;
    if tg_op = 'UPDATE' then
        if (to_jsonb(new) - 'during') <> (to_jsonb(old) - 'during') or lower(new.during) <> lower(old.during)
            or coalesce(upper(old.during), 'infinity') < now() or coalesce(upper(new.during), 'infinity') < now()
        then
            raise exception 'of window % of model % only an end that is still to come can change',
                old.window_id, old.model_id;
        end if;
        return new;
    end if;
    if lower(new.during) < now() then
        raise exception 'model % cannot have begun to serve in the past', new.model_id;
    end if;
    select judgements.has_passed and evaluations.content_sha256 = models.content_sha256
        and evaluations.model_id = models.model_id and models.lane = new.lane
    into has_passed
    from registry.models
    left join registry.judgements on judgements.judgement_id = new.judgement_id
    left join registry.evaluations using (evaluation_id)
    where models.model_id = new.model_id;
    if has_passed is not true then
        raise exception 'model % has no evaluation of its present definition that passed the gate', new.model_id;
    end if;
    update registry.models set first_used_at = now() where model_id = new.model_id and first_used_at is null;
    return new;
end
$$;

create trigger models_are_final before update or delete on registry.models
for each row execute function registry.guard_model();
create trigger windows_keep_the_past before insert or update or delete on registry.serving_windows
for each row execute function registry.guard_window();
create trigger evaluations_stay before update or delete on registry.evaluations
for each row execute function registry.refuse_change();
create trigger judgements_stay before update or delete on registry.judgements
for each row execute function registry.refuse_change();
create trigger baselines_stay before update or delete on registry.drift_baselines
for each row execute function registry.refuse_change();
create trigger audit_stays before update or delete on registry.audit
for each row execute function registry.refuse_change();

create trigger audited after insert or update or delete on registry.models
for each row execute function registry.write_audit();
create trigger audited after insert or update or delete on registry.evaluations
for each row execute function registry.write_audit();
create trigger audited after insert or update or delete on registry.judgements
for each row execute function registry.write_audit();
create trigger audited after insert or update or delete on registry.serving_windows
for each row execute function registry.write_audit();
create trigger audited after insert or update or delete on registry.drift_baselines
for each row execute function registry.write_audit();

-- The model in force at an instant, past or future as known now. No row: none was.
create function registry.active_model(provider text, at timestamptz, purpose text default 'q2q')
returns table (model_id text, definition jsonb, content_sha256 text, serving_from timestamptz, serving_until timestamptz)
language sql stable as $$
    select models.model_id, models.definition, models.content_sha256, lower(during), upper(during)
    from registry.serving_windows
    join registry.models using (model_id)
    join registry.lanes on lanes.lane = serving_windows.lane
    where lanes.provider = $1 and lanes.purpose = $3 and during @> $2
$$;
