import { createIsomorphicFn } from '@tanstack/react-start'
import { setResponseStatus } from '@tanstack/react-start/server'

/** Gives the page that the server renders this status; in the browser there is none. */
export const answer503 = createIsomorphicFn().server(() => setResponseStatus(503))
