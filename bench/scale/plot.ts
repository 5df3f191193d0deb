import { type Day, type Kind, kinds } from './day.ts'

// A picture of the day: points by hour above, what each newcomer has below. It reads on a light and on a dark page.

const WIDTH = 760
const LEFT = 64
const RIGHT = 28
const PLOT = WIDTH - LEFT - RIGHT
/** Where the two charts are: their upper edge and their height. */
const above = { top: 44, height: 200 }
const below = { top: 330, height: 150 }
const HEIGHT = below.top + below.height + 40

const looks: Record<Kind, { name: string; color: string }> = {
  changes: { name: 'looks for edits', color: '#2f9e8f' },
  sweep: { name: 'sweeps', color: '#7a86e0' },
  all: { name: 'first syncs', color: '#e0913a' },
}
const QUOTA = 65_000
const INK = '#7d8590'

const number = new Intl.NumberFormat('en')
const round = (value: number) => Math.round(value * 10) / 10
const text = (x: number, y: number, words: string, anchor = 'start') =>
  `<text x="${round(x)}" y="${round(y)}" text-anchor="${anchor}">${words}</text>`
const line = (x1: number, y1: number, x2: number, y2: number, dashed = false) =>
  `<line x1="${round(x1)}" y1="${round(y1)}" x2="${round(x2)}" y2="${round(y2)}" stroke="${INK}"${dashed ? ' stroke-dasharray="4 4"' : ''}/>`

const hourAt = (hour: number) => LEFT + (PLOT * hour) / 24
const axis = ({ top, height }: typeof above) => [
  line(LEFT, top + height, WIDTH - RIGHT, top + height),
  ...[0, 6, 12, 18, 24].map((hour) => text(hourAt(hour), top + height + 18, `${hour}:00`, 'middle')),
]

function bars(day: Day): string[] {
  const { top, height } = above
  const scale = height / QUOTA
  const width = PLOT / 24 - 6
  return day.hours.flatMap((hour, index) => {
    let foot = top + height
    return kinds.map((kind) => {
      const tall = hour[kind] * scale
      foot -= tall
      return `<rect x="${round(hourAt(index) + 3)}" y="${round(foot)}" width="${round(width)}" height="${round(tall)}" fill="${looks[kind].color}"/>`
    })
  })
}

function progress(day: Day): string[] {
  const { top, height } = below
  const most = day.newcomersPages * 1.05
  return day.newcomers.map((pages) => {
    const points = pages.map(
      (value, minute) => `${round(hourAt(minute / 60))},${round(top + height - (height * value) / most)}`,
    )
    return `<polyline points="${points.filter((_, minute) => minute % 5 === 0).join(' ')}" fill="none" stroke="${looks.all.color}" stroke-width="2" stroke-opacity="0.6"/>`
  })
}

export function plotOf(day: Day): string {
  const quota = above.top
  const legend = kinds.map((kind, index) => {
    const x = LEFT + index * 150
    return `<rect x="${x}" y="14" width="12" height="12" fill="${looks[kind].color}"/>${text(x + 18, 24, looks[kind].name)}`
  })
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="system-ui, sans-serif" font-size="12" fill="${INK}" role="img" aria-label="Points of each hour of a day, and pages of those who connected that day">
${[
  ...legend,
  line(LEFT, quota, WIDTH - RIGHT, quota, true),
  text(LEFT - 8, quota + 4, number.format(QUOTA), 'end'),
  text(LEFT - 8, above.top + above.height + 4, '0', 'end'),
  ...bars(day),
  ...axis(above),
  text(LEFT, below.top - 14, `Pages of the ${day.newcomers.length} who connected at 9:10`),
  text(LEFT - 8, below.top + 12, number.format(day.newcomersPages), 'end'),
  text(LEFT - 8, below.top + below.height + 4, '0', 'end'),
  ...progress(day),
  ...axis(below),
].join('\n')}
</svg>
`
}
