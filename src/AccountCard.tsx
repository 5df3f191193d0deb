import type { Account } from './contract.ts'

const initialsOf = (name: string) => {
  const words = name.trim().split(/\s+/)
  const letters = words.length > 1 ? [words[0], words.at(-1)] : [words[0]]
  return letters
    .map((word) => [...(word ?? '')][0] ?? '')
    .join('')
    .toUpperCase()
}

/** Who signed in and, once there is one, the site that is connected. */
export function AccountCard({ account, host }: { account: Account; host?: string }) {
  return (
    <div className="cc-who">
      <span className="cc-avatar" aria-hidden="true">
        {initialsOf(account.name)}
        {account.avatarUrl && <img className="cc-face" src={account.avatarUrl} alt="" referrerPolicy="no-referrer" />}
      </span>
      <span className="cc-who-text">
        <bdi className="cc-value">{account.name}</bdi>
        {account.email && <bdi className="cc-small">{account.email}</bdi>}
        {host && <bdi className="cc-small">{host}</bdi>}
      </span>
    </div>
  )
}
