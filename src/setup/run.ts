import type { ChildProcess } from 'node:child_process'
import type { Signals } from './signals.ts'

/** How a program ended. */
export interface Ran {
  /** Nothing when it isn't on PATH. */
  readonly exitCode: number | undefined
  /** What it printed, both streams in order; empty when it was shown. */
  readonly output: string
}

export interface RunOptions {
  readonly cwd: string
  readonly env?: Readonly<Record<string, string>>
  /** Its output goes to our standard error instead of into the result. */
  readonly show?: boolean
  /** A signal stops the program and what it started. */
  readonly signals?: Signals
}

/**
 * Runs a program of PATH to its end.
 *
 * @throws what the system says when it can't start a program that is there
 */
export async function run(
  command: string,
  args: readonly string[],
  { cwd, env, show = false, signals }: RunOptions,
): Promise<Ran> {
  const { spawn } = await import('node:child_process')
  const { normalizeSpawnCommand } = await import('tinyexec')
  const program = normalizeSpawnCommand(command, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: show ? ['ignore', 2, 2] : ['ignore', 'pipe', 'pipe'],
    // A group of its own, so that stopping it stops the programs it runs.
    detached: signals !== undefined && process.platform !== 'win32',
  })
  const child = spawn(program.command, program.args, program.options)
  const ignore = signals?.onArrival(() => stop(child))
  try {
    return await ended(child)
  } finally {
    ignore?.()
  }
}

function ended(child: ChildProcess): Promise<Ran> {
  const chunks: Buffer[] = []
  const keep = (chunk: Buffer) => chunks.push(chunk)
  child.stdout?.on('data', keep)
  child.stderr?.on('data', keep)
  const output = () => Buffer.concat(chunks).toString()
  return new Promise((resolve, reject) => {
    child.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'ENOENT' ? resolve({ exitCode: undefined, output: '' }) : reject(error),
    )
    child.once('close', (code) => resolve({ exitCode: code ?? 1, output: output() }))
  })
}

/** Asks the program and everything it started to end, and insists after two seconds. */
function stop(child: ChildProcess): void {
  signalGroup(child, 'SIGTERM')
  const insist = setTimeout(() => signalGroup(child, 'SIGKILL'), 2000)
  child.once('close', () => {
    clearTimeout(insist)
    // A child of the child may have outlived it, and would go on writing.
    signalGroup(child, 'SIGKILL')
  })
}

function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return
  if (process.platform === 'win32') return endTree(pid)
  try {
    process.kill(-pid, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

/** Windows has no groups: taskkill follows the tree of processes. */
function endTree(pid: number): void {
  void import('node:child_process').then(({ spawn }) =>
    spawn('taskkill', ['/pid', String(pid), '/T', '/F'], { stdio: 'ignore' }),
  )
}
