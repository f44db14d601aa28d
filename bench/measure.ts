import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A program of Node that is measured, with what it writes into a folder of this name. */
export interface Candidate {
  readonly name: string
  readonly args: (folder: string) => readonly string[]
}

/** Medians of several runs. */
export interface Figures {
  /** From before the process starts until it has ended. */
  readonly milliseconds: number
  /** The largest resident set, as the process's own getrusage() says at its end. */
  readonly megabytes: number
}

/**
 * Runs the candidates in turns, A B C A B C …, so that a busy moment of the
 * machine meets all of them, each run into a fresh folder.
 *
 * @throws Error when a run fails
 */
export function measure(
  candidates: readonly Candidate[],
  rounds: number,
): ReadonlyMap<string, Figures> {
  const cwd = mkdtempSync(join(tmpdir(), 'bench-'))
  const probe = join(cwd, 'probe.cjs')
  // Memory is measured in runs of its own: the probe takes time.
  writeFileSync(
    probe,
    `process.on('exit', () => require('fs').writeFileSync(process.env.PROBE, String(process.resourceUsage().maxRSS)))`,
  )
  const times = new Map<string, number[]>()
  const peaks = new Map<string, number[]>()
  for (let round = 0; round < rounds; round++) {
    for (const [index, { name, args }] of candidates.entries()) {
      const start = process.hrtime.bigint()
      run(cwd, args(`time-${round}-${index}`))
      push(times, name, Number(process.hrtime.bigint() - start) / 1e6)
    }
  }
  for (let round = 0; round < Math.min(rounds, 5); round++) {
    for (const [index, { name, args }] of candidates.entries()) {
      push(peaks, name, peakOf(cwd, probe, args(`memory-${round}-${index}`)))
    }
  }
  rmSync(cwd, { recursive: true, force: true })
  return new Map(
    candidates.map(({ name }) => [
      name,
      {
        milliseconds: median(times.get(name) ?? []),
        megabytes: median(peaks.get(name) ?? []),
      },
    ]),
  )
}

function run(
  cwd: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): void {
  const { status, stderr } = spawnSync(process.execPath, args, {
    cwd,
    env: { ...process.env, npm_config_user_agent: 'npm', CI: '1', ...env },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  if (status !== 0) throw new Error(`${args.join(' ')} failed:\n${stderr}`)
}

function peakOf(cwd: string, probe: string, args: readonly string[]): number {
  const file = join(cwd, 'peak.txt')
  run(cwd, ['--require', probe, ...args], { PROBE: file })
  return Number(readFileSync(file, 'utf8')) / 1024
}

function push(map: Map<string, number[]>, name: string, value: number): void {
  map.set(name, [...(map.get(name) ?? []), value])
}

/** The one in the middle; NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}
