import { convexQuery } from '@convex-dev/react-query'
import { useSuspenseQuery } from '@tanstack/react-query'
import { Link, createFileRoute, notFound } from '@tanstack/react-router'
import { NotFound } from '~/components/NotFound'
import { buttonVariants } from '~/components/ui/button'
import { Card, CardContent } from '~/components/ui/card'
import { ItemDescription } from '~/components/ui/item'
import { Page } from '~/components/ui/layout'
import { api } from '~/convex/_generated/api'
import { pageTitle } from '~/lib/page-title'

const taskQuery = (id: string) => convexQuery(api.tasks.get, { id })

export const Route = createFileRoute('/_authed/tasks/$id')({
  loader: async ({ context: { queryClient }, params: { id } }) => {
    if (!(await queryClient.ensureQueryData(taskQuery(id)))) throw notFound()
  },
  head: () => pageTitle('Task', 'One of your tasks.'),
  component: Task,
})

function Task() {
  const { data: task } = useSuspenseQuery(taskQuery(Route.useParams().id))
  if (!task) return <NotFound /> // It was deleted while the page was open.

  return (
    <Page title="Task" description={task.done ? 'Done' : 'To do'}>
      <Card>
        <CardContent>
          <p dir="auto">{task.text}</p>
          <ItemDescription>
            Added on {new Date(task._creationTime).toISOString().slice(0, 10)}
          </ItemDescription>
        </CardContent>
      </Card>
      <div>
        <Link to="/dashboard" className={buttonVariants({ variant: 'outline' })}>
          Back to your tasks
        </Link>
      </div>
    </Page>
  )
}
