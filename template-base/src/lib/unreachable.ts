import { createIsomorphicFn } from '@tanstack/react-start'
import { setResponseStatus } from '@tanstack/react-start/server'

const MESSAGE = 'Convex is unreachable'
const PATIENCE_MS = 10_000

/** Gives the page that the server renders this status; in the browser there is none. */
export const answer503 = createIsomorphicFn().server(() => setResponseStatus(503))

/** To be thrown by a route: `DefaultCatchBoundary` knows it, after the way to the browser, too. */
export function unreachable(): Error {
  answer503()
  return new Error(MESSAGE)
}

export const isUnreachable = (error: unknown) => error instanceof Error && error.message === MESSAGE

/** `fetch`, for the server's requests to Convex: an answer of its own in 10 s, or it is unreachable. */
export const fetchConvex: typeof fetch = async (input, init) => {
  const signal = AbortSignal.timeout(PATIENCE_MS)
  const response = await fetch(input, { ...init, signal }).catch(() => undefined)
  // A gateway's word for a server behind it.
  if (!response || [502, 503, 504].includes(response.status)) throw new Error(MESSAGE)
  return response
}

/** What is answered within 10 s: by themselves, Convex's clients wait for minutes, or for ever. */
export async function inTime<T>(answer: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(MESSAGE)), PATIENCE_MS)
  })
  try {
    return await Promise.race([answer, tooLate])
  } catch (error) {
    throw isUnreachable(error) ? unreachable() : error
  } finally {
    clearTimeout(timer)
  }
}
