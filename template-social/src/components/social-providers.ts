import type { ComponentType } from 'react'
import type { authClient } from '~/lib/auth-client'
// @slot imports

export interface Provider {
  id: Parameters<typeof authClient.signIn.social>[0]['provider']
  name: string
  Icon: ComponentType
}

export const providers: Provider[] = [
  // In the order of their buttons.
  // @slot providers
]
