import { randomBytes } from 'node:crypto'
import { version } from '../version.ts'
import { carbonMessage } from './carbon-format.ts'
import type { EventType, ObjectType } from './event-types.ts'
import { v1Message } from './v1-format.ts'

/** An event on its way to one webhook. */
export interface OutgoingEvent {
  /** `evt_…`, the same for every attempt, webhook and re-send. */
  id: string
  type: EventType
  customerId: string
  objectType: ObjectType
  objectId: string | string[] | null
  information: Record<string, unknown> | null
  createdAt: Date
}

/** What is posted. */
export interface Message {
  body: string
  headers: Record<string, string>
}

export type WebhookFormat = 'carbon' | 'v1'

interface Format {
  /** A fresh signing key, in the form that its receivers expect. */
  makeKey(): string
  /** The body and its signatures, stamped with the Unix time of this attempt. */
  write(event: OutgoingEvent, signingKey: string, seconds: number): Message
}

const KEY_BYTES = 32

export const formats: Record<WebhookFormat, Format> = {
  carbon: { makeKey: () => randomBytes(KEY_BYTES).toString('hex'), write: carbonMessage },
  v1: { makeKey: () => `whsec_${randomBytes(KEY_BYTES).toString('base64')}`, write: v1Message },
}

export const eventId = (publicId: string) => `evt_${publicId.replaceAll('-', '')}`

/** The request of one attempt. Stamped anew each time, so that a receiver's window against replays holds on retries. */
export function writeMessage(
  format: WebhookFormat,
  event: OutgoingEvent,
  signingKey: string,
  attempt: number,
  now: Date,
): Message {
  const { body, headers } = formats[format].write(event, signingKey, Math.floor(now.getTime() / 1000))
  return {
    body,
    headers: {
      'content-type': 'application/json',
      'content-length': String(Buffer.byteLength(body)),
      'user-agent': `confluence-connect/${version}`,
      ...headers,
      'Confluence-Connect-Event-Id': event.id,
      'Confluence-Connect-Attempt': String(attempt),
    },
  }
}
