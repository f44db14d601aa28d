import { createServerFn } from '@tanstack/react-start'
import { ConvexError } from 'convex/values'
import { api } from '../../convex/_generated/api'
import { fetchAuthMutation } from './auth-server'

interface Passwords {
  currentPassword: string
  newPassword: string
}

/** Answers the reason for a refusal, or null once the password is changed. */
export const updatePassword = createServerFn({ method: 'POST' })
  .validator(parsePasswords)
  .handler(async ({ data }): Promise<string | null> => {
    try {
      await fetchAuthMutation(api.users.updateUserPassword, data)
      return null
    } catch (error) {
      if (error instanceof ConvexError) return String(error.data)
      throw error
    }
  })

function parsePasswords(input: unknown): Passwords {
  const { currentPassword, newPassword } = input as Partial<Passwords>
  if (typeof currentPassword !== 'string' || typeof newPassword !== 'string') {
    throw new TypeError('Expected currentPassword and newPassword')
  }
  return { currentPassword, newPassword }
}
