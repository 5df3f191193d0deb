import { createHmac } from 'node:crypto'
import { type EventType, eventNames, type ObjectType } from './event-types.ts'
import type { Message, OutgoingEvent } from './messages.ts'

const numeric = (id: string) => (/^\d{1,15}$/.test(id) ? Number(id) : id)
const many = (id: OutgoingEvent['objectId']) => (Array.isArray(id) ? id : id === null ? [] : [id])
const one = (id: OutgoingEvent['objectId']) => many(id)[0] ?? null
const oneNumber = (id: OutgoingEvent['objectId']) => many(id).map(numeric)[0] ?? null

/** What an event is about, as members of its `data`. */
const subjects: Record<ObjectType, (id: OutgoingEvent['objectId']) => Record<string, unknown>> = {
  FILE: (id) => ({ fileId: oneNumber(id) }),
  FILE_LIST: (id) => ({ fileIds: many(id).map(numeric) }),
  DATA_SOURCE: (id) => ({ connectionId: oneNumber(id) }),
  ORGANIZATION_USER: (id) => ({ userId: oneNumber(id) }),
  UPLOAD_REQUEST_ID: (id) => ({ requestId: one(id) }),
  NONE: () => ({}),
}

/** Events whose list is not of files: what was skipped has none. */
const otherSubjects: Partial<Record<EventType, (id: OutgoingEvent['objectId']) => Record<string, unknown>>> = {
  FILES_SKIPPED: (id) => ({ externalIds: many(id) }),
}

/** What Carbon's names mean here; undefined is left out. */
const renamed: Record<string, string | undefined> = { data_source_id: 'connectionId', data_source_type: undefined }
const nameOf = (key: string) => (Object.hasOwn(renamed, key) ? renamed[key] : camelCase(key))

const camelCase = (key: string) => key.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())

/**
 * What the Standard Webhooks specification puts into `webhook-signature`.
 *
 * @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export function standardSignature(id: string, seconds: number, body: string, secret: string): string {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
  return `v1,${createHmac('sha256', key).update(`${id}.${seconds}.${body}`).digest('base64')}`
}

/** Our own body: one event as plain JSON. */
export function v1Message(event: OutgoingEvent, signingKey: string, seconds: number): Message {
  const information = Object.entries(event.information ?? {}).flatMap(([key, value]) => {
    const name = nameOf(key)
    return name === undefined ? [] : [[name, value]]
  })
  const subject = otherSubjects[event.type] ?? subjects[event.objectType]
  const body = JSON.stringify({
    id: event.id,
    type: eventNames[event.type],
    createdAt: event.createdAt.toISOString(),
    customerId: event.customerId,
    data: { ...Object.fromEntries(information), ...subject(event.objectId) },
  })
  return {
    body,
    headers: {
      'webhook-id': event.id,
      'webhook-timestamp': String(seconds),
      'webhook-signature': standardSignature(event.id, seconds, body, signingKey),
    },
  }
}
