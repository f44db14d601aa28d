import { convexQuery } from '@convex-dev/react-query'
import { useSuspenseQuery } from '@tanstack/react-query'
import { createFileRoute } from '@tanstack/react-router'
import { ChangePassword } from '~/components/change-password'
import { DeleteAccount } from '~/components/delete-account'
import { SessionList } from '~/components/session-list'
import { Page } from '~/components/ui/layout'
import { pageTitle } from '~/lib/page-title'
import { api } from '../../../convex/_generated/api'

const sessionsQuery = convexQuery(api.users.listSessions, {})

export const Route = createFileRoute('/_authed/settings')({
  loader: ({ context: { queryClient } }) => queryClient.ensureQueryData(sessionsQuery),
  head: () => pageTitle('Settings', 'Your password and your sessions.'),
  component: Settings,
})

function Settings() {
  const { data: sessions } = useSuspenseQuery(sessionsQuery)

  return (
    <Page title="Settings">
      <ChangePassword />
      <SessionList sessions={sessions} />
      <DeleteAccount />
    </Page>
  )
}
