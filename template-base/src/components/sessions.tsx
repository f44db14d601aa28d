import { convexQuery, useConvexMutation } from '@convex-dev/react-query'
import { useSuspenseQuery } from '@tanstack/react-query'
import { api } from '~/convex/_generated/api'
import { signOut } from '~/lib/auth'
import { useAttempt } from '~/lib/failure'
import { describeUserAgent } from '~/lib/user-agent'
import { Section } from './section'
import { Alert } from './ui/alert'
import { Button } from './ui/button'
import { Item, ItemContent, ItemDescription, ItemGroup } from './ui/item'

export const sessionsQuery = convexQuery(api.users.listSessions, {})

/** `now` is when the page was loaded: what had expired by then is left out. */
export function Sessions({ now }: { now: number }) {
  const { data } = useSuspenseQuery(sessionsQuery)
  const sessions = data.filter(({ current, expiresAt }) => current || expiresAt > now)
  const endSession = useConvexMutation(api.users.endSession)
  const endOthers = useConvexMutation(api.users.endOtherSessions)
  const { pending, message, attempt } = useAttempt()

  return (
    <Section title="Sessions" description="Where you are signed in.">
      <ItemGroup>
        {sessions.map(({ id, current, createdAt, userAgent }) => (
          <Item key={id}>
            <ItemContent>
              <p>{describeUserAgent(userAgent)}</p>
              <ItemDescription>
                {current ? 'This device' : `Signed in on ${isoDay(createdAt)}`}
              </ItemDescription>
            </ItemContent>
            <Button
              variant="ghost"
              size="sm"
              aria-label={`End session: ${describeUserAgent(userAgent)}`}
              disabled={pending}
              onClick={() => attempt(current ? signOut() : endSession({ id }))}
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
          onClick={() => attempt(endOthers({}))}
        >
          {pending ? 'Signing out…' : 'Sign out other devices'}
        </Button>
      </div>
    </Section>
  )
}

// The server doesn't know the visitor's locale or time zone: a local format
// would differ from the browser's and break hydration.
const isoDay = (time: number) => new Date(time).toISOString().slice(0, 10)
