import { parentPort, workerData } from 'node:worker_threads'
import { analyzePush } from './analyze.ts'
import { loadApp, type App } from './app.ts'
import { dueTimersFired, installClock, setClock } from './clock.ts'
import { countCalls, setLatency } from './latency.ts'
import type { Operations, Reply, Request as Asked, Variables, WorkerData } from './messages.ts'

const { appDir, env, routes } = workerData as WorkerData
// A function sees its deployment's variables, and nothing of this machine's.
process.env = { ...env }

const realFetch = globalThis.fetch
/** Fetches from the stand-in of a host that a test has on loopback. */
globalThis.fetch = (input, init) => {
  const request = new Request(input, init)
  const { origin, pathname, search } = new URL(request.url)
  const standIn = routes[origin]
  if (standIn === undefined) return realFetch(input, init)
  return realFetch(new Request(standIn + pathname + search, request))
}

// A promise that nobody waits for ends no deployment.
process.on('unhandledRejection', (error) => console.error(error))

/** In place: `env` of the app's `_generated/server` is the object itself. */
function replaceEnv(variables: Variables): void {
  for (const name of Object.keys(process.env)) delete process.env[name]
  Object.assign(process.env, variables)
}

const operations = (appDir: string): Operations => {
  let app: App | undefined
  installClock(() => {
    void app?.settled().then(() => parentPort?.postMessage('scheduled'))
  })
  const loaded = () => {
    if (!app) throw new Error('The functions of this deployment are not loaded')
    return app
  }
  return {
    load: async () => (app = await loadApp(appDir)).authProviders,
    call: (call) => loaded().call(call),
    fetch: (request) => loaded().fetch(request),
    setEnv: async (variables) => replaceEnv(variables),
    setClock: async (offsetMs) => setClock(offsetMs),
    setLatency: async (ms) => setLatency(ms),
    countCalls: async () => countCalls(),
    settled: async () => {
      await dueTimersFired()
      await loaded().settled()
    },
    analyze: analyzePush,
  }
}

async function answer(table: Operations, { id, operation, input }: Asked): Promise<Reply> {
  try {
    return { id, output: await table[operation](input as never) }
  } catch (error) {
    return {
      id,
      error: error instanceof Error ? error.message : String(error),
    }
  }
}

const table = operations(appDir)
parentPort?.on('message', async (request: Asked) => {
  parentPort?.postMessage(await answer(table, request))
})
