const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/**
 * Reads a date of storage format, `2025-06-15` with or without a time, into the day that it means and the words that Confluence shows for
 * it, `15 Jun 2025`. Not by the locale of the machine, so that the same page always reads the same.
 */
export function readDate(datetime: string): { iso: string; label: string } | undefined {
  const parts = /^\s*(\d{4})-(\d\d)-(\d\d)(?!\d)/.exec(datetime)
  const month = MONTHS[Number(parts?.[2]) - 1]
  if (!parts || !month) return undefined
  return { iso: `${parts[1]}-${parts[2]}-${parts[3]}`, label: `${Number(parts[3])} ${month} ${parts[1]}` }
}
