import { shiftDate } from '../shift-date.mjs'

type Handle = ReturnType<typeof setTimeout>

interface Timer {
  readonly due: number
  readonly fire: () => void
  handle: Handle
}

const { setTimeout: arm, clearTimeout: disarm, Date: RealDate } = globalThis
/** By what the one who set it has in hand. */
const timers = new Map<Handle, Timer>()
let offset = 0
const now = () => RealDate.now() + offset

/**
 * Makes the timers of the functions go by the deployment's clock: what is scheduled for an hour
 * later runs when the clock is moved by an hour.
 *
 * @param afterTimer - called when one has fired
 */
export function installClock(afterTimer: () => void): void {
  const setTimer = (callback: (...args: unknown[]) => void, ms = 0, ...args: unknown[]) => {
    const fire = () => {
      timers.delete(first)
      callback(...args)
      afterTimer()
    }
    const first = arm(fire, ms)
    timers.set(first, { due: now() + ms, fire, handle: first })
    return first
  }
  const clearTimer = (handle: Handle | undefined) => {
    disarm(handle && (timers.get(handle)?.handle ?? handle))
    if (handle) timers.delete(handle)
  }
  Object.assign(globalThis, { setTimeout: setTimer, clearTimeout: clearTimer })
}

/** Moves the clock; what is due by then is fired in its order. */
export function setClock(offsetMs: number): void {
  offset = offsetMs
  shiftDate(() => offsetMs)
  for (const timer of [...timers.values()].sort((a, b) => a.due - b.due)) {
    disarm(timer.handle)
    timer.handle = arm(timer.fire, Math.max(0, timer.due - now()))
  }
}

/** Timers fire in the order of their times: one that is set now does after all that are due. */
export const dueTimersFired = () => new Promise<void>((resolve) => void arm(resolve, 1))
