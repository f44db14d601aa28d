import { convexQuery } from '@convex-dev/react-query'
import { useSuspenseQuery } from '@tanstack/react-query'
import { createFileRoute } from '@tanstack/react-router'
import { TaskList } from '~/components/task-list'
import { Page } from '~/components/ui/layout'
import { pageTitle } from '~/lib/page-title'
import { api } from '../../../convex/_generated/api'

const userQuery = convexQuery(api.auth.getCurrentUser, {})
const tasksQuery = convexQuery(api.tasks.list, {})

export const Route = createFileRoute('/_authed/dashboard')({
  loader: ({ context: { queryClient } }) =>
    Promise.all([queryClient.ensureQueryData(userQuery), queryClient.ensureQueryData(tasksQuery)]),
  head: () => pageTitle('Dashboard', 'Your tasks, live in every tab.'),
  component: Dashboard,
})

function Dashboard() {
  const { data: user } = useSuspenseQuery(userQuery)
  const { data: tasks } = useSuspenseQuery(tasksQuery)

  return (
    <Page title={`Hello, ${user.name}`} description={user.email}>
      <TaskList tasks={tasks} />
    </Page>
  )
}
