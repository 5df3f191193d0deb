import { destination, type Logger, pino } from 'pino'
import type { Config } from './config/config.ts'

/** Fields that must never be written, wherever a caller puts them. */
const SECRET = [
  'token',
  'accessToken',
  'refreshToken',
  'secret',
  'code',
  'authorization',
  'apiKey',
  'storage',
  'html',
  'text',
]

/** Structured logs on standard error: standard output belongs to what the command was asked for. */
export function createLog(config: Pick<Config, 'logLevel'>): Logger {
  const paths = SECRET.filter((name) => name !== 'code').flatMap((name) => [name, `*.${name}`])
  return pino(
    {
      level: config.logLevel,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: { paths, censor: '[secret]' },
    },
    destination(2),
  )
}
