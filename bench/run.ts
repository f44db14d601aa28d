import { execFileSync } from 'node:child_process'
import { lstatSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { packAndInstall } from '../test/helpers/pack.ts'
import type { Installed } from '../test/helpers/pack.ts'
import { measure } from './measure.ts'
import { measureMerges } from './merge.ts'
import type { Candidate } from './measure.ts'
import { binOf, installPeers } from './peers.ts'
import { ownShareOfSetup } from './setup.ts'

/** A figure that has to be met. */
interface Row {
  readonly what: string
  readonly must: number
  readonly actual: number
  readonly unit?: string
  readonly digits?: number
}

const ROUNDS = 31
const everything = '--tailwind --social github,google --no-install --no-git'
const flags = new Set(process.argv.slice(2))

const folder = mkdtempSync(join(tmpdir(), 'bench-package-'))
try {
  const installed = packAndInstall(folder)
  const rows = [
    ...speed(installed),
    ...size(installed),
    ...merges(installed),
    ...(await setup(installed)),
    ...(flags.has('--no-app') ? [] : app(installed)),
  ]
  print(rows)
  if (rows.some((row) => !isMet(row))) process.exitCode = 1
} finally {
  rmSync(folder, { recursive: true, force: true })
}

/** Time and memory of generating all there is, against an empty Node and create-vite. */
function speed({ bin }: Installed): Row[] {
  const vite = binOf(join(import.meta.dirname, '../node_modules'), 'create-vite')
  const candidates: Candidate[] = [
    { name: 'node -e 0', args: () => ['-e', '0'] },
    { name: 'ours', args: (name) => [bin, name, ...everything.split(' ')] },
    {
      name: 'create-vite',
      args: (name) => [vite, name, ...'--template react-ts --no-interactive'.split(' ')],
    },
    ...(flags.has('--peers') ? installPeers(folder) : []),
  ]
  const figures = measure(candidates, ROUNDS)
  const of = (name: string) => figures.get(name) ?? { milliseconds: NaN, megabytes: NaN }
  console.log(`\nMedians of ${ROUNDS} runs in turns, Node ${process.versions.node}\n`)
  for (const [name, { milliseconds, megabytes }] of figures) {
    const ratio = milliseconds / of('node -e 0').milliseconds
    console.log(
      `  ${name.padEnd(22)} ${milliseconds.toFixed(1).padStart(7)} ms  × ${ratio.toFixed(2)}  ${megabytes.toFixed(1).padStart(6)} MB`,
    )
  }
  const ours = of('ours')
  return [
    {
      what: "time ÷ create-vite's react-ts",
      must: 1.15,
      actual: ours.milliseconds / of('create-vite').milliseconds,
      digits: 2,
    },
    {
      what: 'peak memory',
      must: 60,
      actual: ours.megabytes,
      unit: 'MB',
      digits: 1,
    },
  ]
}

/** What a user downloads to run the command once. */
function size({ size, folder }: Installed): Row[] {
  return [
    { what: 'tarball', must: 200, actual: size / 1000, unit: 'KB', digits: 1 },
    { what: 'packages that it brings', must: 1, actual: packagesIn(folder) },
  ]
}

/** What changing an app takes that is there, without installing. */
function merges(installed: Installed): Row[] {
  const { create, add, update, updateLarge, megabytes } = measureMerges(installed)
  const inMs = [create, add, update, updateLarge].map((time) => `${time.toFixed(0)} ms`)
  console.log(`\n  create, add, update, update beside 5,000 files: ${inMs.join(', ')}`)
  return [
    { what: 'add ÷ creating', must: 3, actual: add / create, digits: 2 },
    { what: 'update, 5,000 files ÷ none', must: 1.5, actual: updateLarge / update, digits: 2 },
    { what: 'memory of both', must: 120, actual: megabytes, unit: 'MB', digits: 1 },
  ]
}

/** What `--yes --setup` takes beside npm and the Convex CLI. */
async function setup({ bin }: Installed): Promise<Row[]> {
  const actual = await ownShareOfSetup(bin)
  return [{ what: 'own share of --setup', must: 500, actual, unit: 'ms' }]
}

/** What `npm install` makes of the largest generated app. */
function app({ bin }: Installed): Row[] {
  const cwd = join(folder, 'app')
  execFileSync(process.execPath, [bin, 'app', ...everything.split(' ')], {
    cwd: folder,
    stdio: 'ignore',
  })
  execFileSync('npm', ['install', '--silent', '--no-audit', '--no-fund'], {
    cwd,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  })
  return [
    { what: 'packages in the app', must: 220, actual: packagesIn(cwd) },
    {
      what: "the app's node_modules",
      must: 310,
      actual: bytesIn(join(cwd, 'node_modules')) / 1e6,
      unit: 'MB',
    },
  ]
}

function packagesIn(folder: string): number {
  const file = join(folder, 'node_modules/.package-lock.json')
  const { packages } = JSON.parse(readFileSync(file, 'utf8')) as {
    packages: Record<string, unknown>
  }
  return Object.keys(packages).length
}

/** The sum of the files' sizes, links not followed. */
function bytesIn(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + lstatSync(join(entry.parentPath, entry.name)).size, 0)
}

function isMet({ actual, must }: Row): boolean {
  return actual <= must
}

function print(rows: readonly Row[]): void {
  console.log(`\n  ${'figure'.padEnd(30)} ${'must'.padStart(9)} ${'actual'.padStart(10)}  ok`)
  for (const row of rows) {
    const { what, must, actual, unit = '', digits = 0 } = row
    console.log(
      `  ${what.padEnd(30)} ${`≤ ${must} ${unit}`.padStart(9)} ${`${actual.toFixed(digits)} ${unit}`.padStart(10)}  ${isMet(row) ? 'yes' : 'NO'}`,
    )
  }
}
