import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readlinkSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { cli } from '../helpers/cli.ts'
import { cleanEnv } from '../helpers/env.ts'
import { gitRepository } from '../helpers/git.ts'
import type { GitRepository } from '../helpers/git.ts'

const TIMES = 200
const LANES = 4
const ADD = ['add', 'tailwind', '--no-install']

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'kill-')))
let lanes: readonly GitRepository[]

beforeAll(async () => {
  const flags = ['--no-tailwind', '--no-social', '--yes', '--no-install', '--no-git']
  const names = Array.from({ length: LANES }, (_, index) => `app${index}`)
  for (const name of names) await cli([name, '--name', 'app', ...flags], { cwd: folder })
  lanes = names.map((name) => gitRepository(join(folder, name)))
})

afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }))

/** What a run makes of git's index and of the files, when nothing stops it. */
const stateOf = ({ git }: GitRepository) =>
  [git('write-tree').trim(), git('status', '--porcelain')].join('\n')

/** Processes that run in a folder. */
const processesIn = (root: string): number[] =>
  readdirSync('/proc').flatMap((id) => {
    try {
      return readlinkSync(`/proc/${id}/cwd`) === root ? [Number(id)] : []
    } catch {
      return []
    }
  })

/**
 * Runs the command, and kills it at some moment: after its start, or after it
 * has begun to write.
 *
 * @param all - with the programs that it runs, as a power cut does it
 */
async function killOnce(
  { root }: GitRepository,
  { milliseconds, writing, all }: { milliseconds: number; writing: boolean; all: boolean },
) {
  const child = spawn(process.execPath, [inject('installed').bin, ...ADD], {
    cwd: root,
    env: cleanEnv(),
    stdio: 'ignore',
  })
  const ended = new Promise((resolve) => child.once('close', resolve))
  let running = true
  void ended.then(() => (running = false))
  while (writing && running && !existsSync(journalIn(root))) await setTimeout(1)
  await Promise.race([ended, setTimeout(milliseconds)])
  if (all) for (const id of processesIn(root)) kill(id)
  child.kill('SIGKILL')
  await ended
  while (processesIn(root).length > 0) await setTimeout(5)
}

function kill(id: number): void {
  try {
    process.kill(id, 'SIGKILL')
  } catch {
    // It has ended by itself.
  }
}

/** Does what the next run says; answers whether there was anything to do. */
async function mend({ root, git }: GitRepository): Promise<boolean> {
  const { stderr } = await cli(ADD, { cwd: root })
  const commands = [...stderr.matchAll(/(?:rm|git restore) .*\.git\/.*/g)].map(
    ([command]) => command,
  )
  if (commands.length === 0) return false
  for (const command of commands) execFileSync(command, { cwd: root, shell: true, stdio: 'ignore' })
  expect(git('status', '--porcelain')).toBe('')
  return true
}

// Windows and macOS have no /proc.
test.runIf(process.platform === 'linux')(
  `killed ${TIMES} times: as it was, or done, or the next run says the command that makes it so`,
  async () => {
    const [first] = lanes as readonly [GitRepository]
    const before = stateOf(first)
    const start = performance.now()
    await cli(ADD, { cwd: first.root })
    const duration = (performance.now() - start) * 1.5
    const after = stateOf(first)
    expect(after).not.toBe(before)
    const counts = { before: 0, after: 0, mended: 0 }
    const oneLane = async (repository: GitRepository) => {
      const { root, git } = repository
      for (let time = 0; time < TIMES / LANES; time++) {
        git('reset', '--quiet', '--hard')
        // Every other time while it writes, which is the shorter part.
        const writing = time % 2 === 0
        const milliseconds = Math.random() * (writing ? duration / 4 : duration)
        await killOnce(repository, { milliseconds, writing, all: time % 4 < 2 })
        if (existsSync(join(root, '.git/index.lock')) || existsSync(journalIn(root))) {
          if (await mend(repository)) counts.mended++
          else {
            // A lock of git's that was stopped when all was done: git itself says what to do.
            rmSync(join(root, '.git/index.lock'), { force: true })
            // It was done, or nothing was and the next run has done it.
            expect(stateOf(repository)).toBe(after)
          }
          continue
        }
        const state = stateOf(repository)
        expect([before, after], `killed after ${milliseconds} ms`).toContain(state)
        counts[state === before ? 'before' : 'after']++
      }
    }
    await Promise.all(lanes.map(oneLane))
    expect(counts.mended, JSON.stringify(counts)).toBeGreaterThan(TIMES / 20)
  },
)

const journalIn = (root: string) => join(root, '.git/start-convex-auth-paths')
