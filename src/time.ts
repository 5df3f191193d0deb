const units = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
] as const

/** A time in the largest unit that fits; less than a minute is a part of one. */
const inUnits = (seconds: number) => {
  const [unit, length] = units.find(([, length]) => seconds >= length) ?? units[2]
  return { unit, count: seconds / length }
}

/** How long ago something was: "5 minutes ago". */
export function since(time: string, locale: string, now = Date.now()): string {
  const { unit, count } = inUnits(Math.max(0, (now - Date.parse(time)) / 1000))
  return new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(-Math.floor(count), unit)
}

/** How long something takes: "5 minutes". */
export function lasting(seconds: number, locale: string): string {
  const { unit, count } = inUnits(seconds)
  return new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' }).format(Math.round(count))
}
