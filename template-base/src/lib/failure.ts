import { ConvexError } from 'convex/values'
import { useState } from 'react'
import { flushSync } from 'react-dom'
import { keepFocus } from './keep-focus'

/** What went wrong, in words for the user. */
export interface Failure<Field extends string = never> {
  message: string
  /** The name of the field that it is about. */
  field?: Field
}

/** Of a call of Convex: only a `ConvexError` has words for the user. */
export function failureOf(reason: unknown): Failure {
  if (reason instanceof ConvexError) return { message: String(reason.data) }
  console.error(reason)
  return { message: 'That did not work. Try again.' }
}

/** For what needs no form: whether a change is under way, and why the last one failed. */
export function useAttempt() {
  const [pending, setPending] = useState(false)
  const [message, setMessage] = useState<string>()

  async function attempt(change: Promise<Failure | null | undefined | void>) {
    const giveFocusBack = keepFocus()
    setPending(true)
    setMessage(undefined)
    const failure = await change.catch(failureOf)
    setMessage(failure?.message)
    flushSync(() => setPending(false))
    giveFocusBack()
  }

  return { pending, message, attempt }
}
