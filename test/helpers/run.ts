import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { cleanEnv } from './env.ts'

export interface Outcome {
  readonly exitCode: number
  /** Standard output and standard error, as they came. */
  readonly output: string
}

interface Where {
  readonly cwd: string
  readonly env?: Readonly<Record<string, string | undefined>>
}

/** Runs a program with no input, and answers how it ended. */
export function run(
  command: string,
  args: readonly string[],
  { cwd, env = {} }: Where,
): Promise<Outcome> {
  const child = spawn(command, args, {
    cwd,
    env: cleanEnv({ ...env, NO_COLOR: '1' }),
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: process.platform === 'win32',
  })
  let output = ''
  const collect = (part: string) => (output += part)
  child.stdout.setEncoding('utf8').on('data', collect)
  child.stderr.setEncoding('utf8').on('data', collect)
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve({ exitCode: code ?? -1, output }))
  })
}

// npm says so of a setting in the npmrc of the machine that runs the tests.
const MACHINES_OWN = /^npm warn Unknown (?:user|env|global) config .*\n/gm

/** Lines in which a program warns or reports an error; none in what we make. */
export const complaints = (output: string): string[] =>
  output
    .replaceAll(MACHINES_OWN, '')
    .split('\n')
    .filter((line) => /\bwarn(?:ing)?\b|\berror\b(?!s\.)/i.test(line))

/**
 * Runs a program that must succeed.
 *
 * @throws with everything that it printed
 */
export async function runWell(
  command: string,
  args: readonly string[],
  where: Where,
): Promise<string> {
  const { exitCode, output } = await run(command, args, where)
  if (exitCode === 0) return output
  const what = [command, ...args].join(' ')
  throw new Error(`${what} ended with ${exitCode}:\n${output}`)
}

const cache = join(import.meta.dirname, '../../.cache')

/**
 * A folder of `node_modules/.bin` with programs from the npm registry, installed
 * once and kept for the next run.
 */
export async function programs(...specs: readonly string[]): Promise<string> {
  const home = join(cache, specs.join('+').replaceAll(/[^\w.+-]/g, '_'))
  const bin = join(home, 'node_modules/.bin')
  if (!existsSync(join(home, 'done'))) {
    mkdirSync(home, { recursive: true })
    writeFileSync(join(home, 'package.json'), '{ "private": true }\n')
    const flags = ['--no-audit', '--no-fund', '--dangerously-allow-all-scripts']
    await runWell('npm', ['install', ...flags, ...specs], { cwd: home })
    writeFileSync(join(home, 'done'), '')
  }
  return bin
}

/** PATH with a Node that is new enough for the generated app, and more programs, in front. */
export async function pathFor(...specs: readonly string[]): Promise<string> {
  const folders = specs.length > 0 ? [await programs(...specs)] : []
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  const isNew = major > 22 || (major === 22 && minor >= 12)
  folders.push(isNew ? dirname(process.execPath) : await programs('node@24'))
  return [...folders, process.env.PATH].join(delimiter)
}
