-- How urgent a request is, a deadline that was extended, and what an erasure counted before its files were written anew.

-- Of the four, the lowest number comes first: 1 what cannot wait, 5 what is urgent, 10 as it came, 20 many at once.
alter table privacy.requests add column priority smallint not null default 10 check (priority in (1, 5, 10, 20));
update privacy.requests set priority = 1 where is_immediate;
-- Where it is carried out. Null: about every company's data, or of a company whose country is not known.
alter table privacy.requests add column region text check (region in ('EU', 'US', 'UK', 'APAC', 'CA', 'LATAM'));
-- Art. 12(3) GDPR: once, by two months, with a reason that the person is told within the first month.
alter table privacy.requests add column extended_at timestamptz;
alter table privacy.requests add column extension_reason text;  -- personal data at times: what the person is told
alter table privacy.requests add constraint requests_extension check (
    extended_at is null or extension_reason is not null or subject_id is null
);
drop index privacy.requests_waiting;
create index requests_waiting on privacy.requests (priority, run_after) where state in ('confirmed', 'held');

-- The certificate says what was counted; no personal data.
alter table privacy.erasures add column counts jsonb;
alter table privacy.erasures add column counted_at timestamptz;
