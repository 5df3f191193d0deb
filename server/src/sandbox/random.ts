/** A stream of pseudo-random numbers that depends on nothing but its seed. */
export interface Random {
  /** A whole number from 0 to `below - 1`. */
  int(below: number): number
  /** One element of a list that is not empty. */
  pick<T>(list: readonly T[]): T
}

/** A 32-bit FNV-1a hash of all parts, as an unsigned number. */
export function hash(...parts: readonly (string | number)[]): number {
  let value = 0x811c9dc5
  for (const character of parts.join('\u0000')) {
    value = Math.imul(value ^ (character.codePointAt(0) ?? 0), 0x01000193)
  }
  return value >>> 0
}

/** Splitmix32: tiny, fast, and the same on every machine. */
export function createRandom(...seed: readonly (string | number)[]): Random {
  let state = hash(...seed)
  const next = () => {
    state = (state + 0x9e3779b9) | 0
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad)
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97)
    return (mixed ^ (mixed >>> 15)) >>> 0
  }
  const int = (below: number) => Math.floor((next() / 2 ** 32) * below)
  return { int, pick: (list) => list[int(list.length)] as (typeof list)[number] }
}

/** A UUID of version 4's form, the same for the same parts. */
export function stableUuid(...parts: readonly (string | number)[]): string {
  const hex = [0, 1, 2, 3]
    .map((word) =>
      hash(word, ...parts)
        .toString(16)
        .padStart(8, '0'),
    )
    .join('')
  const variant = '89ab'[Number.parseInt(hex.charAt(16), 16) % 4]
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`
}
