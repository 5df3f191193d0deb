import { readFileSync } from 'node:fs'
import { PGlite } from '@electric-sql/pglite'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { migrate, migrationNames } from '../../src/db/migrate.ts'

// A database of the first version, with a connection that was synced and one whose sync is under way.

let pglite: PGlite
const all = async <T>(query: string) => (await pglite.query<T>(query)).rows

beforeAll(async () => {
  pglite = await PGlite.create('memory://')
  const [first] = migrationNames()
  await pglite.exec(`
    create table migrations (name text primary key, applied_at timestamptz not null default now());
    insert into migrations (name) values ('${first}');
    ${readFileSync(new URL(`../../migrations/${first}`, import.meta.url), 'utf8')}
    insert into organizations (name) values ('o');
    insert into users (organization_id, customer_id) values (1, 'c');
    insert into connections (organization_id, user_id, cloud_id, site_name, site_host, account_id, account_name, status,
      sync_status, last_sync_action, source_items_synced_at, tags, sync_options) values
      (1, 1, 'a', 'A', 'a.atlassian.net', 'x', 'X', 'active', 'READY', 'UPDATE', now(), '{"plan": 2}', '{"tags": {"n": 4}}'),
      (1, 1, 'b', 'B', 'b.atlassian.net', 'x', 'X', 'active', 'SYNCING', 'ADD', null, '{}', '{"tags": {"n": 4}}');
    insert into syncs (connection_id, phase, request_id, upload_id, finished_at) values
      (1, 'done', 'r1', 'u1', now()), (2, 'pages', 'r2', 'u2', null);
    insert into spaces (connection_id, space_id, key, name, status, url) values
      (1, '10', 'DOCS', 'Docs', 'current', 'https://a'), (2, '20', 'DEV', 'Dev', 'current', 'https://b');
    insert into pages (organization_id, user_id, connection_id, page_id, space_id, parent_id, parent_type, title, url, status,
      version, storage, html, text, converter_version, sync_status, tags, request_id, upload_id, source_created_at,
      source_updated_at) values
      (1, 1, 1, '100', '10', null, null, 'Home', 'u', 'current', 1, '', '', '', 1, 'READY',
        '{"n": 4, "list": [1, "x", null], "none": null, "ok": true, "t": "x"}', 'r1', 'u1', now(), now()),
      (1, 1, 1, '101', '10', '100', 'page', 'Child', 'u', 'current', 1, '', '', '', 1, 'READY', '{}', 'r1', 'u1', now(), now()),
      (1, 1, 1, '102', '10', '999', 'page', 'Orphan', 'u', 'current', 1, '', '', '', 1, 'READY', '{}', 'r1', 'u1', now(), now());
  `)
  await migrate({
    exec: (text) => pglite.exec(text),
    names: async () => (await all<{ name: string }>('select name from migrations')).map(({ name }) => name),
  })
})
afterAll(() => pglite.close())

it('puts what was synced into the tree', async () => {
  expect(
    await all(
      'select type, external_id, parent_external_id, seen_by from items where connection_id = 1 order by external_id',
    ),
  ).toEqual([
    { type: 'SPACE', external_id: '10', parent_external_id: null, seen_by: 1 },
    { type: 'PAGE', external_id: '100', parent_external_id: '10', seen_by: 1 },
    { type: 'PAGE', external_id: '101', parent_external_id: '100', seen_by: 1 },
    { type: 'PAGE', external_id: '102', parent_external_id: '10', seen_by: 1 },
  ])
})

it('lets a sync go on that is under way', async () => {
  // Its spaces are as new as itself: it does not take them for gone when it ends.
  expect(await all('select seen_by from items where connection_id = 2')).toEqual([{ seen_by: 2 }])
  expect(await all('select kind, options from syncs order by id')).toEqual([
    { kind: 'all', options: {} },
    { kind: 'all', options: { tags: { n: '4' } } },
  ])
})

it('keeps every file, its tags as text', async () => {
  expect(await all('select title, tags, parsed_text_format from pages order by page_id')).toEqual([
    { title: 'Home', tags: { n: '4', list: ['1', 'x'], ok: 'true', t: 'x' }, parsed_text_format: 'PLAIN_TEXT' },
    { title: 'Child', tags: {}, parsed_text_format: 'PLAIN_TEXT' },
    { title: 'Orphan', tags: {}, parsed_text_format: 'PLAIN_TEXT' },
  ])
  expect(await all('select tags, sync_options from connections where id = 1')).toEqual([
    { tags: { plan: '2' }, sync_options: { tags: { n: '4' } } },
  ])
})
