/** A line of the table. */
export interface Row {
  readonly what: string
  readonly must: string
  readonly measured: string
  /** Undefined when it could not be measured. */
  readonly ok: boolean | undefined
  /** What the figure is made of, or why it is not met. */
  readonly notes?: readonly string[]
}

interface Limited {
  readonly what: string
  readonly limit: number
  readonly actual: number
  readonly unit?: string
  readonly digits?: number
  readonly notes?: readonly string[]
}

/** A figure that may not be above its limit. */
export const atMost = (figure: Limited): Row =>
  row(figure, '<=', Number(figure.actual.toFixed(figure.digits ?? 0)) <= figure.limit)

/** A figure that may not be below its limit. */
export const atLeast = (figure: Limited): Row =>
  row(figure, '>=', Number(figure.actual.toFixed(figure.digits ?? 0)) >= figure.limit)

function row(
  { what, limit, actual, unit, digits = 0, notes = [] }: Limited,
  sign: string,
  ok: boolean,
): Row {
  const withUnit = (number: string) => (unit === undefined ? number : `${number} ${unit}`)
  return {
    what,
    must: withUnit(`${sign} ${limit}`),
    measured: withUnit(actual.toFixed(digits)),
    ok,
    notes,
  }
}

/** The rows under a head, in columns as wide as they have to be, and the notes below. */
export function tableOf(rows: readonly Row[]): string {
  const lines = [
    ['what', 'must', 'measured', ''],
    ...rows.map(({ what, must, measured, ok }) => [what, must, measured, verdict(ok)]),
  ]
  const widths = [0, 1, 2, 3].map((column) =>
    Math.max(...lines.map((line) => line[column]?.length ?? 0)),
  )
  const table = lines.map((line) =>
    line
      .map((text, column) => text.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
  const notes = rows.flatMap(({ what, notes = [] }) => notes.map((note) => `${what}: ${note}`))
  return [...table, '', ...notes].join('\n')
}

function verdict(ok: boolean | undefined): string {
  if (ok === undefined) return 'NOT MEASURED'
  return ok ? 'ok' : 'NOT MET'
}
