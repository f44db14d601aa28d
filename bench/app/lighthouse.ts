import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { browserPath } from '../../test/e2e/support/browser.ts'
import { programs, runWell } from '../../test/helpers/run.ts'
import { median } from '../measure.ts'
import { atLeast, type Row } from './table.ts'

const MUST = { performance: 95, accessibility: 100, 'best-practices': 100, seo: 100 } as const
const PATHS = ['/', '/sign-in']
const RUNS = 3
const FLAGS = '--headless=new --no-sandbox --disable-gpu --disable-background-networking'

type Category = keyof typeof MUST

interface Audit {
  readonly id: string
  readonly title: string
  readonly score: number | null
}

interface Report {
  readonly runtimeError?: { readonly message: string }
  readonly categories: Record<
    Category,
    { score: number | null; auditRefs: readonly { id: string; weight: number }[] }
  >
  readonly audits: Readonly<Record<string, Audit>>
}

/** Lighthouse as a phone sees the pages; of several runs the median, of the pages the lowest. */
export async function lighthouse(url: string, folder: string): Promise<Row[]> {
  const pages: { path: string; reports: Report[] }[] = []
  for (const path of PATHS) {
    const reports: Report[] = []
    for (let run = 0; run < RUNS; run += 1) reports.push(await audit(url + path, folder))
    pages.push({ path, reports })
  }
  return (Object.keys(MUST) as Category[]).map((category) => {
    const scores = pages.map(({ reports }) => median(reports.map((r) => scoreOf(r, category))))
    return atLeast({
      what: `Lighthouse, ${category}`,
      limit: MUST[category],
      actual: Math.min(...scores),
      notes: pages.flatMap(({ path, reports }, index) => [
        `${path} ${scores[index]}, of ${reports.map((r) => scoreOf(r, category)).join(' ')}`,
        ...shortfalls(reports, category).map((fault) => `${path} ${fault}`),
      ]),
    })
  })
}

async function audit(url: string, folder: string): Promise<Report> {
  // Lighthouse wants a newer Node than the generated app does.
  const node = join(await programs('node@24'), 'node')
  const bin = await programs('lighthouse@13.5.0')
  const file = join(folder, 'lighthouse.json')
  const args = [
    join(bin, '../lighthouse/cli/index.js'),
    url,
    '--quiet',
    '--output=json',
    `--output-path=${file}`,
    `--only-categories=${Object.keys(MUST).join()}`,
    `--chrome-flags=${FLAGS}`,
  ]
  await runWell(node, args, { cwd: folder, env: { CHROME_PATH: browserPath() } })
  const report = JSON.parse(readFileSync(file, 'utf8')) as Report
  if (report.runtimeError) throw new Error(`${url}: ${report.runtimeError.message}`)
  return report
}

function scoreOf({ categories }: Report, category: Category): number {
  const { score } = categories[category]
  if (score === null) throw new Error(`Lighthouse gave no score for ${category}`)
  return Math.round(score * 100)
}

/** The audits that cost points in the last run. */
function shortfalls(reports: readonly Report[], category: Category): string[] {
  const report = reports.at(-1)
  if (!report) return []
  return report.categories[category].auditRefs
    .filter(({ weight }) => weight > 0)
    .flatMap(({ id }) => report.audits[id] ?? [])
    .filter(({ score }) => score !== null && score < 0.9)
    .map(({ id, title, score }) => `loses at ${id} (${score}): ${title}`)
}
