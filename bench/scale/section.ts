/** A requirement and whether it is met. */
export interface Check {
  passed: boolean
  text: string
}

/** What one part of the benchmark says. */
export interface Section {
  text: string
  checks: Check[]
}

export const number = new Intl.NumberFormat('en', { maximumFractionDigits: 0 })
