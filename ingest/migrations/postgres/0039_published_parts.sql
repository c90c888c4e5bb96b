-- What was last published of a mart, by company and quarter, as a digest: a publication copies what differs from it.
create table serving.published_parts (
    served_table text not null,
    company_id   uuid not null,
    quarter      date not null,
    row_count    bigint not null,
    digest       text not null,  -- of the columns that are copied, and of all rows
    primary key (served_table, company_id, quarter)
);
