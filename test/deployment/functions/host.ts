import { Worker } from 'node:worker_threads'
import type {
  Notice,
  Operations,
  Reply,
  Request,
  Routes,
  Variables,
  WorkerData,
} from './messages.ts'

/** The thread that holds an app's code, from outside. */
export interface FunctionsHost {
  /**
   * Asks the thread. Rejects with what the operation threw, or with what
   * ended the thread.
   */
  ask<K extends keyof Operations>(
    operation: K,
    input: Parameters<Operations[K]>[0],
  ): Promise<Awaited<ReturnType<Operations[K]>>>
  /** The listener is called when functions that were scheduled have run. */
  onScheduled(listener: () => void): void
  stop(): Promise<void>
}

interface Waiting {
  resolve(output: never): void
  reject(error: Error): void
}

/**
 * Starts a thread for the app in `appDir`, with `env` as its environment.
 * What its functions print goes to `log`, line by line.
 */
export function startFunctionsHost(
  appDir: string,
  env: Variables,
  routes: Routes,
  log: (line: string) => void,
): FunctionsHost {
  const workerData: WorkerData = { appDir, env, routes }
  const worker = new Worker(new URL('./worker.mjs', import.meta.url), {
    workerData,
    stdout: true,
    stderr: true,
    execArgv: [],
  })
  for (const stream of [worker.stdout, worker.stderr]) {
    stream.setEncoding('utf8')
    stream.on('data', (text: string) => text.trimEnd().split('\n').forEach(log))
  }
  return attend(worker, log)
}

function attend(worker: Worker, log: (line: string) => void): FunctionsHost {
  const waiting = new Map<number, Waiting>()
  let ended: Error | undefined
  let lastId = 0
  let ran = () => {}
  const end = (error: Error) => {
    ended ??= error
    for (const { reject } of waiting.values()) reject(ended)
    waiting.clear()
  }
  worker.on('message', (message: Reply | Notice) => {
    if (message === 'scheduled') ran()
    else settle(waiting, message)
  })
  worker.on('error', (error: Error) => {
    log(String(error.stack ?? error))
    end(new Error(`The app's code crashed: ${error.message}`, { cause: error }))
  })
  worker.on('exit', () => end(new Error('The deployment was stopped')))
  return {
    ask: (operation, input) =>
      new Promise((resolve, reject) => {
        if (ended) return reject(ended)
        const request: Request = { id: ++lastId, operation, input }
        waiting.set(request.id, { resolve, reject })
        worker.postMessage(request)
      }),
    onScheduled: (listener) => void (ran = listener),
    stop: async () => void (await worker.terminate()),
  }
}

function settle(waiting: Map<number, Waiting>, reply: Reply): void {
  const asked = waiting.get(reply.id)
  waiting.delete(reply.id)
  if ('error' in reply) asked?.reject(new Error(reply.error))
  else asked?.resolve(reply.output as never)
}
