/** What a sandbox is made of. Everything may be left out. */
export interface SandboxOptions {
  /** Generated pages of the first site, 0 to 1,000,000. Default 200. */
  pages?: number
  /** Generated spaces of the first site, 1 to 1,000, beside the one with the real pages. Default 6. */
  spaces?: number
  /** A folder whose `.xhtml`, `.xml` and `.html` files in storage format replace the shipped real pages. */
  content?: string
  /** Milliseconds that every request to Confluence takes, 0 to 60,000. Default 0. */
  latencyMs?: number
  /** The same seed gives the same world. Default 1. */
  seed?: number
  /** Milliseconds since the epoch. Default `Date.now`. */
  now?: () => number
  /** Exact callback addresses. Default: loopback addresses that end in `/integrations/confluence`. */
  redirectUris?: readonly string[]
}

/** A sandbox that listens. */
export interface ListeningOptions extends SandboxOptions {
  /** 0 picks a free port. */
  port: number
  host: string
}

/** Bounds and defaults of the numbers. */
export const numbers = {
  PORT: { option: 'port', min: 0, max: 65_535, fallback: 8100, means: 'the port to listen on, 0 for any free one' },
  SANDBOX_PAGES: { option: 'pages', min: 0, max: 1_000_000, fallback: 200, means: 'how many pages to generate' },
  SANDBOX_SPACES: { option: 'spaces', min: 1, max: 1_000, fallback: 6, means: 'how many spaces to generate' },
  SANDBOX_LATENCY_MS: {
    option: 'latencyMs',
    min: 0,
    max: 60_000,
    fallback: 0,
    means: 'milliseconds that each request takes',
  },
  SANDBOX_SEED: {
    option: 'seed',
    min: 0,
    max: 4_294_967_295,
    fallback: 1,
    means: 'a number that fixes the generated content',
  },
} as const

type NumberName = keyof typeof numbers

const readNumber = (name: NumberName, value: string | undefined, problems: string[]): number => {
  const { min, max, fallback, means } = numbers[name]
  if (value === undefined || value.trim() === '') return fallback
  const number = Number(value)
  if (Number.isInteger(number) && number >= min && number <= max) return number
  problems.push(
    `${name} is "${value}". Set it to ${means}: a whole number from ${min} to ${max}, or leave it out for ${fallback}.`,
  )
  return fallback
}

/** Reads the sandbox's environment variables. Reports every problem at once, each with what to set. */
export function parseSandboxEnv(
  env: Record<string, string | undefined>,
): { ok: true; options: ListeningOptions } | { ok: false; problems: string[] } {
  const problems: string[] = []
  const entries = Object.entries(numbers) as [NumberName, (typeof numbers)[NumberName]][]
  const read = Object.fromEntries(
    entries.map(([name, { option }]) => [option, readNumber(name, env[name], problems)]),
  ) as Record<(typeof numbers)[NumberName]['option'], number>
  const redirectUris = env.SANDBOX_REDIRECT_URIS?.split(',')
    .map((uri) => uri.trim())
    .filter(Boolean)
  for (const uri of redirectUris ?? []) {
    if (!URL.canParse(uri)) {
      problems.push(
        `SANDBOX_REDIRECT_URIS holds "${uri}", which is no URL. Set it to full callback addresses, separated by commas.`,
      )
    }
  }
  if (problems.length > 0) return { ok: false, problems }
  return {
    ok: true,
    options: {
      ...read,
      host: env.HOST?.trim() || '127.0.0.1',
      ...(env.SANDBOX_CONTENT && { content: env.SANDBOX_CONTENT }),
      ...(redirectUris?.length && { redirectUris }),
    },
  }
}
