import { spawn } from 'node:child_process'
import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inject, onTestFinished } from 'vitest'
import { cleanEnv } from './env.ts'

/** How a run of the command ended. */
export interface Run {
  /** `128 + n` when signal n ended it. */
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
}

export interface RunOptions {
  readonly cwd: string
  readonly env?: Readonly<Record<string, string | undefined>>
  /** Runs as this user, where we are root. */
  readonly uid?: number
}

/** An empty folder for one test. */
export function emptyFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'cli-')))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }))
  return folder
}

/** Starts the installed command with no terminal and no input. */
export function start(args: readonly string[], { cwd, env, uid }: RunOptions) {
  const child = spawn(process.execPath, [inject('installed').bin, ...args], {
    cwd,
    env: cleanEnv(env),
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(uid !== undefined && { uid, gid: uid }),
  })
  const text = { stdout: '', stderr: '' }
  child.stdout.setEncoding('utf8').on('data', (part) => (text.stdout += part))
  child.stderr.setEncoding('utf8').on('data', (part) => (text.stderr += part))
  const done = new Promise<Run>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve({ exitCode: code ?? -1, ...text }))
  })
  return { child, done }
}

/** Runs the installed command to its end. */
export function cli(args: readonly string[], options: RunOptions): Promise<Run> {
  return start(args, options).done
}
