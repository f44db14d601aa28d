import type { FunctionReturnType } from 'convex/server'
import { useState } from 'react'
import { authClient, failureOf } from '~/lib/auth-client'
import { describeUserAgent } from '~/lib/user-agent'
import type { api } from '../../convex/_generated/api'
import { Alert } from './ui/alert'
import { Button } from './ui/button'
import { Card, CardContent, CardDescription, CardHeader, CardTitle } from './ui/card'
import { Item, ItemContent, ItemDescription, ItemGroup } from './ui/item'

type Sessions = FunctionReturnType<typeof api.users.listSessions>

export function SessionList({ sessions }: { sessions: Sessions }) {
  const [pending, setPending] = useState(false)
  const [message, setMessage] = useState<string>()

  async function handleClick() {
    setPending(true)
    const failure = await failureOf(authClient.revokeOtherSessions())
    setMessage(failure?.message)
    setPending(false)
  }

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
            </Item>
          ))}
        </ItemGroup>
        {message && <Alert>{message}</Alert>}
        <div>
          <Button variant="outline" disabled={pending || sessions.length < 2} onClick={handleClick}>
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
