import { expect, test } from 'vitest'
import { authFailure } from '~/lib/auth-client'

test.each([
  ['VALIDATION_ERROR', '[body.email] Invalid email address', 'Invalid email address'],
  ['SESSION_EXPIRED', 'Session expired.', expect.stringContaining('sign out and in again')],
])('says in words for the user what went wrong: %s', async (code, message, words) => {
  const refused = Promise.resolve({ error: { code, message } })
  expect(await authFailure(refused)).toEqual({ code, message: words })
})

test('says that the server could not be reached, and nothing where all went well', async () => {
  const message = expect.stringContaining('could not be reached')
  expect(await authFailure(Promise.reject(new TypeError('fetch failed')))).toEqual({ message })
  expect(await authFailure(Promise.resolve({ error: null }))).toBeUndefined()
})
