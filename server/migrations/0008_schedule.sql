-- When a connection is synced next by itself, and the hours between two such syncs; both null where auto sync is off.
alter table connections
  add column sync_interval_hours integer,
  add column next_sync_at timestamptz;
create index connections_due on connections (next_sync_at) where next_sync_at is not null;

-- Which syncs that ended are in the numbers of some process already.
alter table syncs add column counted boolean not null default false;
create index syncs_uncounted on syncs (finished_at) where finished_at is not null and not counted;
