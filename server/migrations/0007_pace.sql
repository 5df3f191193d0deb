-- What an OAuth app has used of Atlassian's hourly points, shared by all workers.
create table points_hours (
  client_id text not null,
  hour timestamptz not null,
  -- What Atlassian allows, as its answers in this hour said.
  quota integer,
  spent integer not null default 0,
  -- For requests under way, as much as each may cost.
  reserved integer not null default 0,
  -- Atlassian refused: nobody asks before then.
  closed_until timestamptz,
  primary key (client_id, hour)
) with (fillfactor = 50);

-- How much a site bears, shared by all workers.
create table site_paces (
  cloud_id text primary key,
  -- Requests that may be under way at once.
  allowed smallint not null default 2,
  -- Since that changed.
  successes smallint not null default 0,
  -- In a row.
  failures integer not null default 0,
  -- Nobody asks before then: Atlassian said so, or it failed too often.
  closed_until timestamptz,
  closed_as text check (closed_as in ('rate_limited', 'paused')),
  -- Requests under way, each by the time at which it counts as lost.
  turns timestamptz[] not null default '{}'
) with (fillfactor = 50);

-- How many pages a lane asks for at once, and how often that went well.
alter table sync_lanes
  add column page_size smallint not null default 250,
  add column sound smallint not null default 0;

-- Pages that Atlassian does not hand out: the next sync asks for them again.
create table unreadable_pages (
  connection_id integer not null references connections on delete cascade,
  page_id text not null,
  primary key (connection_id, page_id)
);
