import { createServerFn } from '@tanstack/react-start'
import { api } from '~/convex/_generated/api'
import { fetchAuthMutation } from './auth-server'
import { inTime } from './unreachable'

/** Answers what is refused, and why, or null once the password is changed. */
export const updatePassword = createServerFn({ method: 'POST' })
  .validator(
    ({ currentPassword, newPassword }: Record<'currentPassword' | 'newPassword', string>) => {
      if (typeof currentPassword !== 'string' || typeof newPassword !== 'string') {
        throw new TypeError('Expected currentPassword and newPassword')
      }
      return { currentPassword, newPassword }
    },
  )
  .handler(({ data }) => inTime(fetchAuthMutation(api.users.updateUserPassword, data)))
