import type { Account } from './contract.ts'
import { useParts } from './parts.ts'

// Initials, not Atlassian's picture: hosts with a content security policy would have to allow its address first.
const initialsOf = (name: string) => {
  const words = name.trim().split(/\s+/)
  const chosen = words.length > 1 ? [words[0], words.at(-1)] : words
  return chosen.map((word = '') => [...word][0]?.toUpperCase()).join('')
}

/** A person in two letters. */
export function Avatar({ name }: { name: string }) {
  const part = useParts()
  return (
    <span {...part('avatar')} aria-hidden="true">
      {initialsOf(name)}
    </span>
  )
}

/** Who signed in and, once there is one, the site that is connected. */
export function AccountCard({ account, host }: { account: Account; host?: string }) {
  const part = useParts()
  return (
    <div {...part('who')}>
      <Avatar name={account.name} />
      <span className="cc-who-text">
        <bdi {...part('value')}>{account.name}</bdi>
        {account.email && <bdi className="cc-small">{account.email}</bdi>}
        {host && <bdi className="cc-small">{host}</bdi>}
      </span>
    </div>
  )
}
