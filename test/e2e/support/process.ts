import { spawn, type ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import { cleanEnv } from '../../helpers/env.ts'
import { PATIENCE_MS } from './patience.ts'
import { isFree, isListening } from './ports.ts'

/** A server that runs in a process group of its own. */
export interface Server {
  readonly url: string
  readonly pid: number
  /** What it printed so far. */
  readonly log: () => string
  /** Ends the whole group, and resolves when it is gone. Can be called twice. */
  readonly stop: () => Promise<void>
}

export interface ServerOptions {
  readonly command: readonly [string, ...string[]]
  readonly cwd: string
  readonly port: number
  readonly env?: Readonly<Record<string, string | undefined>>
  /** How long it may take to listen, and then to answer. */
  readonly timeoutMs?: number
  /** Asked until it answers; `/` by default. */
  readonly path?: string
}

const SUPERVISOR = join(import.meta.dirname, 'supervise.mjs')

/**
 * Starts a server and waits until it answers.
 *
 * @throws when the port is in use, when the server ends, or when it doesn't
 *   come up in time: with what it printed, and nothing left running
 */
export async function startServer(options: ServerOptions): Promise<Server> {
  const { command, cwd, port, env = {}, path = '/' } = options
  const what = command.join(' ')
  if (!(await isFree(port))) {
    throw new Error(
      `Port ${port} is in use, so \`${what}\` can't be started: stop what listens there`,
    )
  }
  // It ends the server with all its descendants, even if we are killed.
  const child = spawn(process.execPath, [SUPERVISOR, ...command], {
    cwd,
    env: cleanEnv({ ...env, PORT: String(port), NO_COLOR: '1' }),
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  let log = ''
  child.stdout.setEncoding('utf8').on('data', (part) => (log += part))
  child.stderr.setEncoding('utf8').on('data', (part) => (log += part))
  const url = `http://localhost:${port}`
  const stop = stopper(child)
  try {
    await ready(child, url + path, options.timeoutMs ?? PATIENCE_MS)
  } catch (error) {
    await stop()
    const reason = error instanceof Error ? error.message : String(error)
    throw new Error(`\`${what}\` in ${cwd} ${reason}. It printed:\n${log}`, {
      cause: error,
    })
  }
  return { url, pid: child.pid ?? 0, log: () => log, stop }
}

/** Waits until it listens, and then until it answers, each no longer than that. */
async function ready(child: ChildProcess, url: string, timeoutMs: number): Promise<void> {
  let failure: string | undefined
  child.once('error', (error) => (failure = `failed: ${error.message}`))
  child.once('exit', (code) => (failure ??= `ended with ${code}`))
  const until = async (what: string, act: (signal: AbortSignal) => Promise<boolean>) => {
    const signal = AbortSignal.timeout(timeoutMs)
    while (!signal.aborted) {
      if (failure !== undefined) throw new Error(failure)
      if (await act(signal)) return
      await pause(50)
    }
    throw new Error(`did not ${what} at ${url} within ${timeoutMs / 1000} s`)
  }
  await until('listen', () => isListening(Number(new URL(url).port)))
  await until('answer', async (signal) => {
    const response = await fetch(url, { signal, redirect: 'manual' }).catch(() => undefined)
    await response?.body?.cancel()
    return response !== undefined
  })
}

function stopper(child: ChildProcess): () => Promise<void> {
  const closed = new Promise<void>((resolve) => {
    child.once('close', () => resolve())
    child.once('error', () => resolve())
  })
  return () => {
    child.stdin?.end()
    return closed
  }
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))
