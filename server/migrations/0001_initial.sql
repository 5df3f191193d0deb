-- Organisations run the server's API keys; today there is one, the schema is ready for more.
create table organizations (
  id integer generated always as identity primary key,
  name text not null,
  created_at timestamptz not null default now()
);

create table api_keys (
  id integer generated always as identity primary key,
  organization_id integer not null references organizations on delete cascade,
  name text not null,
  -- SHA-256 in hex: a key has full entropy, so a slow hash would add nothing.
  hash text not null unique,
  created_at timestamptz not null default now(),
  revoked_at timestamptz
);

-- Carbon's users: a customer id of the organisation's own choice, made by its first use.
create table users (
  id integer generated always as identity primary key,
  organization_id integer not null references organizations on delete cascade,
  customer_id text not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (organization_id, customer_id)
);

-- A Confluence account on one site: Carbon's data source. Pinned to the cloud id that the person confirmed.
create table connections (
  id integer generated always as identity primary key,
  organization_id integer not null references organizations on delete cascade,
  user_id integer not null references users on delete cascade,
  cloud_id text not null,
  site_name text not null,
  site_host text not null,
  account_id text not null,
  account_name text not null,
  account_email text,
  account_avatar_url text,
  status text not null check (status in ('active', 'reconnect_needed', 'disconnected')),
  -- Sealed by the keyring; null once disconnected.
  sealed_tokens text,
  token_issued_at timestamptz,
  token_expires_at timestamptz,
  -- Until when a worker has the sole right to refresh them.
  token_claimed_until timestamptz,
  sync_status text not null check (sync_status in ('QUEUED_FOR_SYNCING', 'SYNCING', 'READY', 'SYNC_ERROR')),
  last_sync_action text not null check (last_sync_action in ('ADD', 'UPDATE', 'CANCEL', 'REVOKE')),
  last_synced_at timestamptz not null default now(),
  source_items_synced_at timestamptz,
  files_synced_at timestamptz,
  tags jsonb not null default '{}',
  -- What later syncs of this connection put on its pages.
  sync_options jsonb not null default '{}',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (user_id, cloud_id, account_id)
);

-- One attempt to connect. Everything secret is stored as a hash or sealed.
create table flows (
  id text primary key,
  kind text not null check (kind in ('popup', 'link')),
  organization_id integer not null references organizations on delete cascade,
  user_id integer not null references users on delete cascade,
  -- The page that made the flow; null for links, which no page opens.
  origin text,
  requested_site text not null,
  options jsonb not null default '{}',
  status text not null check (status in ('created', 'authorizing', 'authorized', 'connected', 'failed', 'cancelled')),
  error_code text,
  error_message text,
  secret_hash text unique,
  state_hash text unique,
  state_used_at timestamptz,
  cookie_hash text,
  sealed_code text,
  sealed_tokens text,
  account jsonb,
  sites jsonb not null default '[]',
  connection_id integer references connections on delete set null,
  expires_at timestamptz not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index flows_expires_at on flows (expires_at);

-- One run over a connection's pages. At most one at a time.
create table syncs (
  id integer generated always as identity primary key,
  connection_id integer not null references connections on delete cascade,
  phase text not null check (phase in ('queued', 'spaces', 'pages', 'done', 'failed', 'cancelled')),
  request_id text not null,
  upload_id text not null,
  spaces integer,
  -- When the newest page was made, as of the start: the far end that the lanes walk towards.
  newest_created_at timestamptz,
  requests integer not null default 0,
  points integer not null default 0,
  rate_limited_until timestamptz,
  error_code text,
  error_message text,
  created_at timestamptz not null default now(),
  -- The last time it moved.
  updated_at timestamptz not null default now(),
  started_at timestamptz,
  finished_at timestamptz
);
create unique index syncs_one_running on syncs (connection_id) where finished_at is null;
create index syncs_connection on syncs (connection_id, id desc);

-- A walk over the pages of some spaces, by page id. `next` and the pages it led to are written in one transaction.
create table sync_lanes (
  id integer generated always as identity primary key,
  sync_id integer not null references syncs on delete cascade,
  space_ids jsonb not null,
  -- The relative URL of the next response; null at the start.
  next text,
  -- The job that walks the lane: a job that finds another one here stops.
  job_id text,
  -- When the oldest and the newest page so far were made.
  first_created_at timestamptz,
  last_created_at timestamptz,
  pages_synced integer not null default 0,
  pages_failed integer not null default 0,
  -- How often it was started over or picked up from a job that was lost: bounded, or a broken lane would go on for ever.
  restarts integer not null default 0,
  finished_at timestamptz
);
create index sync_lanes_sync on sync_lanes (sync_id);

create table spaces (
  id integer generated always as identity primary key,
  connection_id integer not null references connections on delete cascade,
  space_id text not null,
  key text not null,
  name text not null,
  type text,
  status text not null,
  homepage_id text,
  url text not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (connection_id, space_id)
);

-- A Confluence page: Carbon's file and source item in one.
create table pages (
  id integer generated always as identity primary key,
  organization_id integer not null references organizations on delete cascade,
  user_id integer not null references users on delete cascade,
  connection_id integer not null references connections on delete cascade,
  page_id text not null,
  space_id text not null,
  parent_id text,
  parent_type text,
  title text not null,
  url text not null,
  status text not null,
  version integer not null,
  -- The raw body is kept so that a better converter can run again without asking Atlassian.
  storage text not null,
  html text,
  text text,
  -- Kept beside the bodies: lists show and sort by them, and reading a body to measure it is what lists must not do.
  html_bytes integer not null generated always as (coalesce(octet_length(html), 0)) stored,
  text_characters integer not null generated always as (coalesce(char_length(text), 0)) stored,
  converter_version integer not null,
  sync_status text not null,
  sync_error_message text,
  tags jsonb not null default '{}',
  request_id text,
  upload_id text,
  source_created_at timestamptz not null,
  source_updated_at timestamptz not null,
  synced_at timestamptz not null default now(),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (connection_id, page_id)
);
create index pages_user on pages (user_id, id);
create index pages_user_updated on pages (user_id, updated_at, id);
