-- When a connection is synced next by itself, and the hours between two such syncs; both null where auto sync is off.
alter table connections
  add column sync_interval_hours integer,
  add column next_sync_at timestamptz;
create index connections_due on connections (next_sync_at) where next_sync_at is not null;
