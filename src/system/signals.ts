import { setImmediate } from 'node:timers/promises'
import { CliError } from '../errors.ts'
import type { ExitCode } from '../errors.ts'

/**
 * The signals that ask a process to end, and the exit code of one that did: 128 + its number.
 * SIGQUIT is Ctrl-\, SIGBREAK the Ctrl-Break of Windows, which has it alone. That `nohup` had
 * SIGHUP ignored can't be known: Node sets it back before it runs anything.
 */
const exitCodes = {
  SIGHUP: 129,
  SIGINT: 130,
  SIGQUIT: 131,
  SIGTERM: 143,
  SIGBREAK: 149,
} satisfies Partial<Record<NodeJS.Signals, ExitCode>>

type EndSignal = keyof typeof exitCodes

const watched = Object.keys(exitCodes) as EndSignal[]

/** Signals, noticed in place of ending the process on the spot. */
export interface Signals {
  /**
   * Runs something once a signal arrives.
   *
   * @returns takes it back
   */
  readonly onArrival: (callback: () => void) => () => void
  /** @throws CliError with the signal's exit code when a signal has arrived */
  readonly check: () => Promise<void>
  /** Signals end the process again. */
  readonly release: () => void
}

/**
 * Starts to watch for the signals that ask a process to end.
 *
 * @param message - what to say when one arrived
 */
export function watchSignals(message: string): Signals {
  const callbacks = new Set<() => void>()
  let arrived: EndSignal | undefined
  const listener = (signal: NodeJS.Signals) => {
    arrived ??= signal as EndSignal
    for (const callback of callbacks) callback()
  }
  for (const signal of watched) process.on(signal, listener)
  return {
    onArrival: (callback) => {
      callbacks.add(callback)
      return () => callbacks.delete(callback)
    },
    check: async () => {
      // A signal that came during synchronous work is delivered by the event
      // loop, which may run one turn before it looks.
      await setImmediate()
      await setImmediate()
      if (arrived) throw new CliError(message, { exitCode: exitCodes[arrived] })
    },
    release: () => {
      for (const signal of watched) process.off(signal, listener)
    },
  }
}
