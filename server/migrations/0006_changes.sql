-- `changes`: what was edited since the last walk. `sweep`: what was moved, renamed, deleted or hidden, which nothing but a look at
-- every page tells.
alter table syncs drop constraint syncs_kind_check;
alter table syncs add constraint syncs_kind_check check (kind in ('all', 'items', 'files', 'changes', 'sweep'));
alter table syncs
  -- The newest edit when it began; the connection's own once it is done.
  add column watermark timestamptz,
  add column watermark_page text;
-- Which walks may run beside each other is for `startWalk` to say; two of a kind never.
drop index syncs_one_walk;
create unique index syncs_one_walk on syncs (connection_id, kind) where finished_at is null and kind <> 'files';

alter table sync_lanes
  add column step text not null default 'store' check (step in ('store', 'changes', 'compare', 'settle')),
  -- Pages that are not stored as they are, until there are enough for a request.
  add column differing jsonb;

alter table connections
  -- Whether every page is wanted, or only those that have a file.
  add column syncs_everything boolean not null default false,
  -- All edits up to then are stored. With it, the page and version that it was read from.
  add column watermark timestamptz,
  add column watermark_page text,
  -- When the last walk ended that saw every page.
  add column swept_at timestamptz;
update connections set syncs_everything = true
  where exists (select from syncs where syncs.connection_id = connections.id and syncs.kind = 'all');

-- A page whose file somebody deleted here: walks in the background leave it alone.
alter table items add column unwanted boolean not null default false;

-- Files whose page the last complete walk did not see.
create table absences (
  file_id integer primary key references pages on delete cascade,
  connection_id integer not null references connections on delete cascade,
  space_id text,
  -- The first and the last sync in a row that missed it.
  first_missed_by integer not null,
  missed_by integer not null,
  -- `held`: kept until somebody decides. `refused`: somebody decided to keep it.
  state text not null default 'missed' check (state in ('missed', 'held', 'refused')),
  reason text check (reason in ('many_vanished', 'space_unreachable')),
  held_by integer,
  held_at timestamptz
);
create index absences_connection on absences (connection_id, state, file_id);
