import type { ChildProcess, StdioOptions } from 'node:child_process'
import type { Signals } from './signals.ts'

/** How a program ended. */
export interface ProgramResult {
  /** Nothing when it isn't on PATH. */
  readonly exitCode: number | undefined
  /** What it printed, both streams in order; empty when it was shown. */
  readonly output: string
  /** What it printed on standard output. */
  readonly stdout: string
  /** It was ended because of what it printed, or took too long. */
  readonly gaveUp: boolean
}

export interface ProgramOptions {
  readonly cwd: string
  /** Beside ours; undefined takes one out. */
  readonly env?: Readonly<Record<string, string | undefined>>
  /** Its output goes to our standard error instead of into the result. */
  readonly show?: boolean
  /** It has our terminal, to ask and to answer. */
  readonly interactive?: boolean
  /** What it reads on standard input. */
  readonly input?: string
  /** Ends a program that waits for what won't come: once its output matches, or time is up. */
  readonly giveUp?: { readonly when: RegExp; readonly milliseconds: number }
  /** A signal stops the program and what it started. */
  readonly signals?: Signals
}

/**
 * Runs a program of PATH to its end.
 *
 * @throws what the system says when it can't start a program that is there
 */
export async function runProgram(
  command: string,
  args: readonly string[],
  options: ProgramOptions,
): Promise<ProgramResult> {
  const { cwd, env, input, signals } = options
  const { spawn } = await import('node:child_process')
  const { normalizeSpawnCommand } = await import('tinyexec')
  const program = normalizeSpawnCommand(command, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: stdioOf(options),
    // A group of its own, so that stopping it stops the programs it runs; but
    // only the terminal's own group may read from it, and has its Ctrl-C.
    detached: hasGroup(options),
  })
  const child = spawn(program.command, program.args, program.options)
  // A program that reads nothing closes its end.
  child.stdin?.on('error', () => {}).end(input)
  const ignore = signals?.onArrival(() => stop(child, options))
  try {
    return await ended(child, options)
  } finally {
    ignore?.()
  }
}

function stdioOf({ show, interactive, input }: ProgramOptions): StdioOptions {
  if (interactive) return 'inherit'
  const out = show ? 2 : 'pipe'
  return [input === undefined ? 'ignore' : 'pipe', out, out]
}

function hasGroup({ signals, giveUp, interactive }: ProgramOptions): boolean {
  const isStopped = signals !== undefined || giveUp !== undefined
  return isStopped && !interactive && process.platform !== 'win32'
}

function ended(child: ChildProcess, options: ProgramOptions): Promise<ProgramResult> {
  const { giveUp } = options
  const [all, out]: [Buffer[], Buffer[]] = [[], []]
  let gaveUp = false
  const end = () => {
    if (!gaveUp) stop(child, options)
    gaveUp = true
  }
  const timer = giveUp && setTimeout(end, giveUp.milliseconds)
  const keep = (chunk: Buffer) => {
    all.push(chunk)
    if (giveUp?.when.test(String(Buffer.concat(all)))) end()
  }
  child.stdout?.on('data', keep).on('data', (chunk: Buffer) => out.push(chunk))
  child.stderr?.on('data', keep)
  const result = (exitCode: number | undefined): ProgramResult => {
    clearTimeout(timer)
    return { exitCode, gaveUp, output: joinChunks(all), stdout: joinChunks(out) }
  }
  return new Promise((resolve, reject) => {
    child.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'ENOENT' ? resolve(result(undefined)) : reject(error),
    )
    child.once('close', (code) => resolve(result(code ?? 1)))
  })
}

const joinChunks = (chunks: readonly Buffer[]) => Buffer.concat(chunks).toString()

/** Asks the program and everything it started to end, and insists after two seconds. */
function stop(child: ChildProcess, options: ProgramOptions): void {
  if (!hasGroup(options) && process.platform !== 'win32') return void child.kill()
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
