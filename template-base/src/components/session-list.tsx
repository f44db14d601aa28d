import { useConvexMutation } from '@convex-dev/react-query'
import type { FunctionReturnType } from 'convex/server'
import { useState } from 'react'
import { authClient, failureOf } from '~/lib/auth-client'
import { signOut } from '~/lib/sign-out'
import { describeUserAgent } from '~/lib/user-agent'
import { api } from '../../convex/_generated/api'
import { Alert } from './ui/alert'
import { Button } from './ui/button'
import { Card, CardContent, CardDescription, CardHeader, CardTitle } from './ui/card'
import { Item, ItemContent, ItemDescription, ItemGroup } from './ui/item'

type Sessions = FunctionReturnType<typeof api.users.listSessions>

export function SessionList({ sessions }: { sessions: Sessions }) {
  const endSession = useConvexMutation(api.users.endSession)
  const [pending, setPending] = useState(false)
  const [message, setMessage] = useState<string>()

  async function attempt(change: Promise<string | undefined>) {
    setPending(true)
    setMessage(await change.catch(() => 'That did not work. Try again.'))
    setPending(false)
  }

  const endOthers = async () => (await failureOf(authClient.revokeOtherSessions()))?.message

  const end = ({ id, current }: Sessions[number]) =>
    current ? signOut() : endSession({ id }).then(() => undefined)

  return (
    <Card>
      <CardHeader>
        <CardTitle>Sessions</CardTitle>
        <CardDescription>Where you are signed in.</CardDescription>
      </CardHeader>
      <CardContent>
        <ItemGroup>
          {sessions.map((session) => (
            <Item key={session.id}>
              <ItemContent>
                <p>{describeUserAgent(session.userAgent)}</p>
                <ItemDescription>
                  {session.current ? 'This device' : `Signed in on ${isoDay(session.createdAt)}`}
                </ItemDescription>
              </ItemContent>
              <Button
                variant="ghost"
                size="sm"
                aria-label={`End session: ${describeUserAgent(session.userAgent)}`}
                disabled={pending}
                onClick={() => attempt(end(session))}
              >
                End
              </Button>
            </Item>
          ))}
        </ItemGroup>
        {message && <Alert>{message}</Alert>}
        <div>
          <Button
            variant="outline"
            disabled={pending || sessions.length < 2}
            onClick={() => attempt(endOthers())}
          >
            {pending ? 'Signing out…' : 'Sign out other devices'}
          </Button>
        </div>
      </CardContent>
    </Card>
  )
}

// The server doesn't know the visitor's locale or time zone: a local format
// would differ from the browser's and break hydration.
const isoDay = (time: number) => new Date(time).toISOString().slice(0, 10)
