create table if not exists intermediate.watermarks on cluster "two_by_two" (model String, arrived_until DateTime64(6, 'UTC'), run_id String, is_built Bool, noted_at DateTime64(6, 'UTC') default now64(6)) engine = ReplicatedMergeTree('/clickhouse/tables/{uuid}/all', '{shard}-{replica}') order by (model, noted_at) ttl toDateTime(noted_at) + interval 90 day where not is_built;

create table `marts`.`fct_sessions_local` ON CLUSTER "two_by_two" ( session_id UUID, subject String, external_session_id String, session_type LowCardinality(String), company_id UUID, participant_id UUID, volunteer_id UUID, program_instance_id Nullable(UUID), scheduled_at DateTime64(3, 'UTC'), completed_at DateTime64(3, 'UTC'), duration_minutes UInt32, topics Array(String), language_level LowCardinality(Nullable(String)), event_id UUID, loaded_at DateTime64(6, 'UTC') ) engine = ReplicatedMergeTree() order by (company_id,participant_id,completed_at,session_id) partition by (toYYYYMM(completed_at)) -- end_of_sql SETTINGS enable_block_number_column=1, enable_block_offset_column=1;

create or replace table `marts`.`fct_sessions` ON CLUSTER "two_by_two" as `marts`.`fct_sessions_local` ENGINE = Distributed('two_by_two', 'marts', 'fct_sessions_local', cityHash64(company_id));

create table `marts`.`dim_people_local` ON CLUSTER "two_by_two" ( person_id UUID, is_participant Bool, is_volunteer Bool, first_activity_at Nullable(DateTime64(3, 'UTC')), last_activity_at Nullable(DateTime64(3, 'UTC')), activity_count UInt64 ) engine = ReplicatedMergeTree() order by (person_id) -- end_of_sql;

create or replace table `marts`.`dim_people` ON CLUSTER "two_by_two" as `marts`.`dim_people_local` ENGINE = Distributed('two_by_two', 'marts', 'dim_people_local', cityHash64(person_id));

create table `marts`.`metrics_company_period_local` ON CLUSTER "two_by_two" ( company_id UUID, period_grain String, period String, period_start Date, period_end Date, participants_count UInt64, volunteers_count UInt64, sessions_count UInt64, language_sessions_count UInt64, mentorship_sessions_count UInt64, volunteer_hours Float64, ratings_count UInt64, rating_sum Float64, avg_rating Nullable(Float64), enrollments_count UInt64, buddy_matches_count UInt64, courses_completed_count UInt64 ) engine = ReplicatedMergeTree() order by (company_id,period_grain,period_start) -- end_of_sql;

create or replace table `marts`.`metrics_company_period` ON CLUSTER "two_by_two" as `marts`.`metrics_company_period_local` ENGINE = Distributed('two_by_two', 'marts', 'metrics_company_period_local', cityHash64(company_id));
