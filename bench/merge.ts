import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { nextRelease } from '../test/helpers/next-release.ts'
import type { Installed } from '../test/helpers/pack.ts'
import { median } from './measure.ts'

const ROUNDS = 9
const OWN_FILES = 5000

/** Medians of what changes an app that is there, without installing. */
export interface MergeFigures {
  readonly create: number
  readonly add: number
  readonly update: number
  /** `update` of an app with 5,000 files of its user's own. */
  readonly updateLarge: number
  /** The largest resident set of these, in MB. */
  readonly megabytes: number
}

/**
 * Measures `add` and `update`, in turns, each time from the same commit. The old
 * version's package is at hand, so that no registry and no package manager is measured.
 */
export function measureMerges({ bin, folder }: Installed): MergeFigures {
  const home = mkdtempSync(join(tmpdir(), 'bench-merge-'))
  try {
    mkdirSync(join(home, 'next'))
    nextRelease(join(home, 'next'))
    const next = join(home, 'next/dist/bin.cjs')
    const from = ['--from', join(folder, 'node_modules/create-start-convex-auth')]
    const [small, large] = [0, OWN_FILES].map((count) => makeApp(bin, home, count)) as [
      string,
      string,
    ]
    const update = [next, 'update', ...from, '--no-install']
    const runs = {
      create: { cwd: home, args: [bin, 'created', ...FLAGS, '--no-git'] },
      add: { cwd: small, args: [bin, 'add', 'google', '--no-install'] },
      update: { cwd: small, args: update },
      updateLarge: { cwd: large, args: update },
    }
    const times = { create: [], add: [], update: [], updateLarge: [] } as Record<
      keyof typeof runs,
      number[]
    >
    const peaks: number[] = []
    for (let round = 0; round < ROUNDS; round++) {
      for (const name of Object.keys(runs) as (keyof typeof runs)[]) {
        const { milliseconds, megabytes } = once(runs[name], home, round === 0)
        times[name].push(milliseconds)
        peaks.push(megabytes)
      }
    }
    return {
      create: median(times.create),
      add: median(times.add),
      update: median(times.update),
      updateLarge: median(times.updateLarge),
      megabytes: Math.max(...peaks),
    }
  } finally {
    rmSync(home, { recursive: true, force: true })
  }
}

const FLAGS = ['--yes', '--tailwind', '--social', 'github', '--pm', 'npm', '--no-install']

/** A committed app, with some files of its user's own. */
function makeApp(bin: string, home: string, files: number): string {
  const name = `app-${files}`
  execFileSync(process.execPath, [bin, name, ...FLAGS, '--no-git'], { cwd: home, stdio: 'ignore' })
  const cwd = join(home, name)
  for (let index = 0; index < files; index++) {
    const path = join(cwd, 'src/own', String(index % 100))
    mkdirSync(path, { recursive: true })
    writeFileSync(
      join(path, `${index}.ts`),
      `export const own${index} = ${'x'.repeat(40)}\n`.repeat(20),
    )
  }
  git(cwd, 'init', '--quiet')
  git(cwd, 'add', '--all')
  git(
    cwd,
    '-c',
    'user.name=bench',
    '-c',
    'user.email=bench@localhost',
    'commit',
    '--quiet',
    '-m',
    'x',
  )
  return cwd
}

const git = (cwd: string, ...args: string[]) => execFileSync('git', args, { cwd, stdio: 'ignore' })

interface MeasuredRun {
  readonly cwd: string
  readonly args: readonly string[]
}

/** One run, after which all is as before. Memory is asked for in a run of its own. */
function once({ cwd, args }: MeasuredRun, home: string, isProbed: boolean) {
  const probe = join(home, 'probe.cjs')
  const peak = join(home, 'peak.txt')
  writeFileSync(peak, '0')
  writeFileSync(
    probe,
    `process.on('exit', () => require('fs').writeFileSync(${JSON.stringify(peak)}, String(process.resourceUsage().maxRSS)))`,
  )
  const start = process.hrtime.bigint()
  const all = isProbed ? ['--require', probe, ...args] : args
  const { status, stderr } = spawnSync(process.execPath, all, { cwd, encoding: 'utf8' })
  const milliseconds = Number(process.hrtime.bigint() - start) / 1e6
  if (status !== 0) throw new Error(`${args.join(' ')} failed:\n${stderr}`)
  if (cwd === home) rmSync(join(home, 'created'), { recursive: true })
  else {
    git(cwd, 'reset', '--quiet', '--hard')
    git(cwd, 'clean', '--quiet', '-fd')
  }
  return { milliseconds, megabytes: Number(readFileSync(peak, 'utf8')) / 1024 }
}
