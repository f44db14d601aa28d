import { ConvexError } from 'convex/values'
import { useState } from 'react'

/** What went wrong, in words for the user. */
export interface Failure {
  message: string
  /** The name of the field that it is about. */
  field?: string
}

/** Of a call of Convex: only a `ConvexError` has words for the user. */
export const failureOf = (reason: unknown): Failure => ({
  message: reason instanceof ConvexError ? String(reason.data) : 'That did not work. Try again.',
})

/** For what needs no form: whether a change is under way, and why the last one failed. */
export function useAttempt() {
  const [pending, setPending] = useState(false)
  const [message, setMessage] = useState<string>()

  async function attempt(change: Promise<Failure | null | undefined | void>) {
    setPending(true)
    setMessage(undefined)
    const failure = await change.catch(failureOf)
    setMessage(failure?.message)
    setPending(false)
  }

  return { pending, message, attempt }
}
