import { sql, type Transaction } from 'kysely'
import type { Db } from '../db/database.ts'
import type { Schema, UserSettings } from '../db/schema.ts'

/** Carbon's limits, as `/update_users` and `/organization/update` set them. */
const names = [
  'max_files',
  'max_files_per_upload',
  'max_characters',
  'max_characters_per_file',
  'max_characters_per_upload',
] as const
export type LimitName = (typeof names)[number]
export type Limits = Readonly<Record<LimitName, number>>

const finite = (value: number | null | undefined) =>
  value === undefined || value === null || value < 0 ? Number.POSITIVE_INFINITY : value

/** A user's own limits, else those of the organisation, else none. */
export function resolveLimits(own: UserSettings, defaults: UserSettings): Limits {
  const resolve = (name: LimitName) => finite(own[name] ?? defaults[name])
  return {
    max_files: resolve('max_files'),
    max_files_per_upload: resolve('max_files_per_upload'),
    max_characters: resolve('max_characters'),
    max_characters_per_file: resolve('max_characters_per_file'),
    max_characters_per_upload: resolve('max_characters_per_upload'),
  }
}

/** Reads a user's limits. */
async function limitsOf(db: Db | Transaction<Schema>, userId: number): Promise<Limits> {
  const row = await db
    .selectFrom('users')
    .innerJoin('organizations', 'organizations.id', 'users.organization_id')
    .select(['users.settings', 'organizations.user_defaults'])
    .where('users.id', '=', userId)
    .executeTakeFirst()
  return resolveLimits(row?.settings ?? {}, row?.user_defaults ?? {})
}

export const isLimited = (limits: Limits) => names.some((name) => Number.isFinite(limits[name]))

/** What counts against limits. */
interface Usage {
  files: number
  filesOfUpload: number
  characters: number
  charactersOfUpload: number
}

/** A page as the limits see it. */
export interface Candidate {
  /** It has no file yet. */
  isNew: boolean
  characters: number
  /** What of it is counted already. */
  counted: number
}

/** Lets pages in, one after the other, until a limit is reached. */
export interface Gate {
  /** @returns the limit that keeps the page out, or undefined */
  admit(candidate: Candidate): LimitName | undefined
}

const open: Gate = { admit: () => undefined }

export function createGate(limits: Limits, usage: Usage): Gate {
  const used = { ...usage }
  return {
    admit({ isNew, characters, counted }) {
      const files = isNew ? 1 : 0
      const more = Math.max(0, characters - counted)
      const checks: [LimitName, number][] = [
        ['max_files', isNew ? used.files + 1 : 0],
        ['max_files_per_upload', isNew ? used.filesOfUpload + 1 : 0],
        ['max_characters_per_file', characters],
        ['max_characters', more > 0 ? used.characters + more : 0],
        ['max_characters_per_upload', more > 0 ? used.charactersOfUpload + more : 0],
      ]
      const exceeded = checks.find(([name, value]) => value > limits[name])?.[0]
      if (exceeded) return exceeded
      used.files += files
      used.filesOfUpload += files
      used.characters += more
      used.charactersOfUpload += more
      return undefined
    },
  }
}

/** The gate for one upload as things are now. Nothing is counted for those without limits, which is nearly everybody. */
export async function openGate(trx: Transaction<Schema>, userId: number, uploadId: string): Promise<Gate> {
  const limits = await limitsOf(trx, userId)
  if (!isLimited(limits)) return open
  // Other connections of the same user wait, or both would take the last place.
  await trx.selectFrom('users').select('id').where('id', '=', userId).forNoKeyUpdate().executeTakeFirst()
  const { rows } = await sql<Record<keyof Usage, string>>`
    select count(*) as files, coalesce(sum(text_characters), 0) as characters,
      count(*) filter (where upload_id = ${uploadId}) as "filesOfUpload",
      coalesce(sum(text_characters) filter (where upload_id = ${uploadId}), 0) as "charactersOfUpload"
    from pages where user_id = ${userId}`.execute(trx)
  const [row] = rows
  return createGate(limits, {
    files: Number(row?.files),
    characters: Number(row?.characters),
    filesOfUpload: Number(row?.filesOfUpload),
    charactersOfUpload: Number(row?.charactersOfUpload),
  })
}
