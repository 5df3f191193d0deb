-- Settings of an organisation: defaults for its users, and per source what may be synced.
alter table organizations
  add column user_defaults jsonb not null default '{}',
  add column data_source_configs jsonb not null default '{}',
  -- Sums over all files as of `statistics_at`; made on request.
  add column statistics jsonb,
  add column statistics_at timestamptz,
  add column updated_at timestamptz not null default now();

-- A deleted user is invisible at once; a job deletes what it owns, then the row. Its customer id is free at once.
alter table users
  add column settings jsonb not null default '{}',
  add column statistics jsonb,
  add column statistics_at timestamptz,
  add column deleted_at timestamptz;
alter table users drop constraint users_organization_id_customer_id_key;
create unique index users_customer on users (organization_id, customer_id) where deleted_at is null;

-- An organisation's own OAuth app: Carbon's white label.
create table white_labels (
  id integer generated always as identity primary key,
  organization_id integer not null references organizations on delete cascade,
  data_source_type text not null,
  client_id text not null,
  redirect_uri text not null,
  -- Null for those who bring tokens and never sign in here.
  sealed_secret text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (organization_id, data_source_type)
);

-- The OAuth app that issued the tokens: only that one can refresh them. Null: the server's own app.
alter table connections add column client_id text;
-- `sync`: the link to the hosted page of a connection, on which a person picks pages.
alter table flows drop constraint flows_kind_check;
alter table flows add constraint flows_kind_check check (kind in ('popup', 'link', 'sync'));
alter table flows add column client_id text, add column redirect_uri text;

-- `all`: every page and the tree. `items`: the tree alone. `files`: the spaces and pages that were picked.
alter table syncs
  add column kind text not null default 'all' check (kind in ('all', 'items', 'files')),
  add column options jsonb not null default '{}';
drop index syncs_one_running;
-- Walks over the whole site one at a time; picked files may be synced beside them.
create unique index syncs_one_walk on syncs (connection_id) where finished_at is null and kind <> 'files';
create index syncs_running on syncs (connection_id) where finished_at is null;
-- A lane walks spaces, or it fetches up to 250 pages by their ids.
alter table sync_lanes add column page_ids jsonb;

-- The tree that a person picks from: Carbon's source items.
create table items (
  id integer generated always as identity primary key,
  connection_id integer not null references connections on delete cascade,
  type text not null check (type in ('SPACE', 'PAGE')),
  external_id text not null,
  -- Where it stands in the tree: the parent page if that is in the tree as well, else the space. Null for spaces.
  parent_external_id text,
  -- The parent page as Confluence names it; it may be a page that this account cannot see.
  source_parent_id text,
  -- Of pages.
  space_id text,
  -- Of spaces.
  space_key text,
  name text not null,
  url text not null,
  source_created_at timestamptz,
  -- The sync that saw it last: what a complete walk did not see is gone.
  seen_by integer not null,
  synced_at timestamptz not null default now(),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (connection_id, type, external_id)
);
create index items_children on items (connection_id, parent_external_id, name, id);
-- The spaces, which every look at a tree starts with: a few rows among a million, and the planner cannot tell how few.
create index items_spaces on items (connection_id, name, id) where type = 'SPACE';
create index items_name on items (connection_id, name, id);
create index items_id on items (connection_id, id);

-- What was synced so far is in the tree; what a running sync has yet to see must not count as gone.
insert into items (connection_id, type, external_id, space_key, name, url, seen_by, created_at, updated_at)
  select connection_id, 'SPACE', space_id, key, name, url,
    coalesce((select max(id) from syncs where syncs.connection_id = spaces.connection_id), 0), created_at, updated_at
  from spaces;
insert into items (connection_id, type, external_id, parent_external_id, source_parent_id, space_id, name, url,
    source_created_at, seen_by)
  select connection_id, 'PAGE', page_id,
    coalesce((select parent.page_id from pages as parent
      where parent.connection_id = pages.connection_id and parent.page_id = pages.parent_id), space_id),
    case when parent_type = 'page' then parent_id end, space_id, title, url, source_created_at,
    coalesce((select max(id) from syncs where syncs.connection_id = pages.connection_id), 0)
  from pages;
drop table spaces;

-- A sync that is under way goes on with what its connection was made with.
update syncs set options = jsonb_build_object('tags', coalesce(connections.sync_options -> 'tags', '{}'))
  from connections where connections.id = syncs.connection_id and syncs.finished_at is null;

-- Tags are compared as text: numbers and the like become it, in lists too.
create function pg_temp.as_text(tags jsonb) returns jsonb language sql as $$
  select coalesce(jsonb_object_agg(key, case jsonb_typeof(value)
    when 'string' then value
    when 'array' then (select coalesce(jsonb_agg(to_jsonb(element #>> '{}')) filter (where element <> 'null'), '[]')
      from jsonb_array_elements(value) as element)
    else to_jsonb(value #>> '{}') end), '{}')
  from jsonb_each(tags) where value <> 'null'
$$;
update pages set tags = pg_temp.as_text(tags) where tags <> '{}';
update connections set tags = pg_temp.as_text(tags),
  sync_options = sync_options || jsonb_build_object('tags', pg_temp.as_text(coalesce(sync_options -> 'tags', '{}')));
update syncs set options = jsonb_build_object('tags', pg_temp.as_text(options -> 'tags')) where options <> '{}';
drop function pg_temp.as_text;

-- A file can exist before its page was fetched, and after its content was deleted.
alter table pages
  alter column space_id drop not null,
  alter column title drop not null,
  alter column url drop not null,
  alter column status drop not null,
  alter column version drop not null,
  alter column storage drop not null,
  alter column converter_version drop not null,
  alter column source_created_at drop not null,
  alter column source_updated_at drop not null,
  alter column synced_at drop not null,
  alter column synced_at drop default,
  add column parsed_text_format text not null default 'PLAIN_TEXT' check (parsed_text_format in ('PLAIN_TEXT', 'MARKDOWN'));
create index pages_parent on pages (connection_id, parent_id);
create index pages_request on pages (request_id);
create index pages_upload on pages (upload_id);
create index pages_tags on pages using gin (tags jsonb_path_ops);

-- A deletion by filter that is larger than one batch. What was synced after it was asked for is not touched.
create table deletions (
  id integer generated always as identity primary key,
  user_id integer not null references users on delete cascade,
  filters jsonb not null,
  send_webhook boolean not null,
  preserve_record boolean not null,
  -- The last id that it has dealt with, and the last that it may touch.
  after_id integer not null,
  last_id integer not null,
  created_at timestamptz not null default now()
);
