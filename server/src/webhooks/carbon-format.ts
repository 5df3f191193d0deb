import { createHmac } from 'node:crypto'
import type { Message, OutgoingEvent } from './messages.ts'

/**
 * JSON as Python's `json.dumps` writes it: a space after each colon and comma, ASCII only. Receivers that parse the body
 * and serialise it again, in Python or in JavaScript, then get the very bytes that were signed.
 */
export function pythonJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(pythonJson).join(', ')}]`
  if (value && typeof value === 'object') {
    const members = Object.entries(value).filter(([, inner]) => inner !== undefined)
    return `{${members.map(([key, inner]) => `${pythonJson(key)}: ${pythonJson(inner)}`).join(', ')}}`
  }
  return JSON.stringify(value ?? null).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

/** Carbon's body: JSON whose only member is JSON again. */
export function carbonMessage(event: OutgoingEvent, signingKey: string, seconds: number): Message {
  const payload = pythonJson({
    webhook_type: event.type,
    obj: {
      object_type: event.objectType,
      object_id: event.objectId,
      // Text, not a JSON null, where there is nothing to say: Carbon sent it so.
      additional_information: event.information ?? 'null',
    },
    customer_id: event.customerId,
    timestamp: String(seconds),
  })
  const body = `{"payload": ${JSON.stringify(payload)}}`
  const sign = (text: string) =>
    createHmac('sha256', Buffer.from(signingKey, 'hex')).update(`${seconds}.${text}`).digest('hex')
  return {
    body,
    headers: {
      'Carbon-Signature': `t=${seconds},v1=${sign(body)}`,
      'Carbon-Signature-Compact': `t=${seconds},v2=${sign(JSON.stringify({ payload }))}`,
    },
  }
}
