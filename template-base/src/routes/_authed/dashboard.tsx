import { convexQuery, useConvexMutation } from '@convex-dev/react-query'
import { useSuspenseQuery } from '@tanstack/react-query'
import { createFileRoute } from '@tanstack/react-router'
import type { OptimisticLocalStore } from 'convex/browser'
import { useId } from 'react'
import { Form, SubmitButton, type Fields } from '~/components/form'
import { TextField } from '~/components/form-fields'
import { Alert } from '~/components/ui/alert'
import { Button } from '~/components/ui/button'
import { Card, CardContent } from '~/components/ui/card'
import { Checkbox } from '~/components/ui/checkbox'
import { Empty } from '~/components/ui/empty'
import { Item, ItemContent, ItemDescription, ItemGroup, ItemLabel } from '~/components/ui/item'
import { Page } from '~/components/ui/layout'
import { failureOf, useAttempt } from '~/lib/failure'
import { pageTitle } from '~/lib/page-title'
// @slot imports
import { api } from '~/convex/_generated/api'
import type { Doc, Id } from '~/convex/_generated/dataModel'

type Task = Doc<'tasks'>

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
  const { message, attempt } = useAttempt()
  const items = tasks.map((task) => <TaskItem key={task._id} task={task} attempt={attempt} />)

  return (
    <Page title={`Hello, ${user.name}`} description={user.email}>
      {/* @slot avatar */}
      <Card>
        <CardContent>
          <NewTask />
          {message && <Alert>{message}</Alert>}
          {items.length > 0 ? <ItemGroup aria-label="Tasks">{items}</ItemGroup> : <NoTasks />}
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

/** Changes the list at once; Convex takes it back if the server refuses. */
function changeList(store: OptimisticLocalStore, change: (tasks: Task[]) => Task[]) {
  const tasks = store.getQuery(api.tasks.list, {})
  if (tasks) store.setQuery(api.tasks.list, {}, change(tasks))
}

/** Until the server has given the task its own. */
const NO_ID = '' as Id<'tasks'>

function NewTask() {
  const add = useConvexMutation(api.tasks.add).withOptimisticUpdate((store, { text }) => {
    const task = { _id: NO_ID, _creationTime: 0, userId: '', text, done: false }
    changeList(store, (tasks) => [task, ...tasks])
  })

  async function send({ text }: Fields<'text'>, form: HTMLFormElement) {
    form.reset()
    try {
      await add({ text })
    } catch (reason) {
      const input = form.querySelector('input')
      if (input) input.value ||= text
      return { ...failureOf(reason), field: 'text' as const }
    }
  }

  return (
    <Form send={send}>
      <TextField
        label="New task"
        name="text"
        dir="auto"
        maxLength={500}
        autoComplete="off"
        required
      >
        <SubmitButton pendingLabel="Adding…">Add</SubmitButton>
      </TextField>
    </Form>
  )
}

interface TaskItemProps {
  task: Task
  /** Says above the list why a change failed. */
  attempt: (change: Promise<null>) => void
}

function TaskItem({ task: { _id: id, text, done }, attempt }: TaskItemProps) {
  const textId = useId()
  const setDone = useConvexMutation(api.tasks.setDone).withOptimisticUpdate((store, args) =>
    changeList(store, (tasks) => tasks.map((t) => (t._id === id ? { ...t, done: args.done } : t))),
  )
  const remove = useConvexMutation(api.tasks.remove).withOptimisticUpdate((store) =>
    changeList(store, (tasks) => tasks.filter((t) => t._id !== id)),
  )

  return (
    <Item>
      <ItemContent>
        <ItemLabel>
          <Checkbox
            checked={done}
            disabled={id === NO_ID}
            onChange={({ target }) => attempt(setDone({ id, done: target.checked }))}
          />
          <span id={textId} dir="auto">
            {text}
          </span>
        </ItemLabel>
      </ItemContent>
      <Button
        variant="ghost"
        size="sm"
        aria-describedby={textId}
        disabled={id === NO_ID}
        // The second click of a double click would hit the next task.
        onClick={({ detail }) => detail < 2 && attempt(remove({ id }))}
      >
        Delete
      </Button>
    </Item>
  )
}
