import { convexQuery } from '@convex-dev/react-query'
import { useSuspenseQuery } from '@tanstack/react-query'
import { createFileRoute } from '@tanstack/react-router'
import { NewTask, TaskItem, tasksQuery, useTasks } from '~/components/tasks'
import { Alert } from '~/components/ui/alert'
import { Button } from '~/components/ui/button'
import { Card, CardContent } from '~/components/ui/card'
import { Empty } from '~/components/ui/empty'
import { ItemDescription, ItemGroup } from '~/components/ui/item'
import { Page } from '~/components/ui/layout'
import { api } from '~/convex/_generated/api'
import { useAttempt } from '~/lib/failure'
import { pageTitle } from '~/lib/page-title'
// @slot imports

const userQuery = convexQuery(api.auth.getCurrentUser, {})

export const Route = createFileRoute('/_authed/dashboard')({
  loader: ({ context: { queryClient } }) =>
    Promise.all([
      queryClient.ensureQueryData(userQuery),
      queryClient.ensureQueryData(tasksQuery(null)),
    ]),
  head: () => pageTitle('Dashboard', 'Your tasks, live in every tab.'),
  component: Dashboard,
})

function Dashboard() {
  const { data: user } = useSuspenseQuery(userQuery)
  const { tasks, loading, loadMore } = useTasks()
  const { message, attempt } = useAttempt()
  const items = tasks.map((task) => <TaskItem key={task._id} task={task} attempt={attempt} />)

  return (
    <Page title={`Hello, ${user.name}`} description={user.email}>
      {/* @slot avatar */}
      <Card>
        <CardContent>
          <NewTask />
          {message && <Alert>{message}</Alert>}
          {items.length > 0 && <ItemGroup aria-label="Tasks">{items}</ItemGroup>}
          {items.length === 0 && !loadMore && <NoTasks />}
          {loadMore && (
            <div>
              <Button variant="outline" disabled={loading} onClick={loadMore}>
                {loading ? 'Loading…' : 'Load more'}
              </Button>
            </div>
          )}
        </CardContent>
      </Card>
    </Page>
  )
}

const NoTasks = () => (
  <Empty>
    <p>No tasks yet</p>
    <ItemDescription>Add your first one above.</ItemDescription>
  </Empty>
)
