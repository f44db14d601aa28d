import { setTimeout as wait } from 'node:timers/promises'
import type { HttpRouter, PublicHttpAction } from 'convex/server'

type Run = (...args: unknown[]) => Promise<unknown>
type Handler = (ctx: { runQuery: Run; runMutation: Run }, request: Request) => Promise<Response>

let latency = 0
let calls = 0

/** How long each query or mutation of an HTTP action is on its way, by this machine's clock. */
export function setLatency(ms: number): void {
  latency = ms
}

/** How many queries and mutations HTTP actions have run so far. */
export const countCalls = (): number => calls

const late =
  (run: Run): Run =>
  async (...args) => {
    calls += 1
    if (latency > 0) await wait(latency)
    return run(...args)
  }

/** On Convex, HTTP actions run apart from the database; convex-test runs them beside it. */
export function runApart(router: HttpRouter): void {
  const lookup = router.lookup.bind(router)
  router.lookup = (path, method) => {
    const found = lookup(path, method)
    if (!found) return found
    const [action, ...route] = found
    const { _handler } = action as PublicHttpAction & { _handler: Handler }
    const handler: Handler = (ctx, request) =>
      _handler(
        { ...ctx, runQuery: late(ctx.runQuery), runMutation: late(ctx.runMutation) },
        request,
      )
    return [{ ...action, _handler: handler } as PublicHttpAction, ...route]
  }
}
