import { useConvexMutation } from '@convex-dev/react-query'
import type { OptimisticLocalStore } from 'convex/browser'
import { ConvexError } from 'convex/values'
import { useId, useState } from 'react'
import { api } from '../../convex/_generated/api'
import type { Doc, Id } from '../../convex/_generated/dataModel'
import { Form, SubmitButton, type Fields } from './form'
import { TextField } from './text-field'
import { Alert } from './ui/alert'
import { Button } from './ui/button'
import { Card, CardContent } from './ui/card'
import { Checkbox } from './ui/checkbox'
import { Empty, Item, ItemContent, ItemDescription, ItemGroup, ItemLabel } from './ui/item'

type Task = Doc<'tasks'>

/** Changes the list at once; Convex takes it back if the server refuses. */
function changeList(store: OptimisticLocalStore, change: (tasks: Task[]) => Task[]) {
  const tasks = store.getQuery(api.tasks.list, {})
  if (tasks) store.setQuery(api.tasks.list, {}, change(tasks))
}

const messageOf = (reason: unknown) =>
  reason instanceof ConvexError ? String(reason.data) : 'That did not work. Try again.'

export function TaskList({ tasks }: { tasks: Task[] }) {
  const [error, setError] = useState<string>()

  async function attempt(change: Promise<unknown>) {
    setError(undefined)
    await change.catch((reason) => setError(messageOf(reason)))
  }

  return (
    <Card>
      <CardContent>
        <NewTask />
        {error && <Alert>{error}</Alert>}
        {tasks.length === 0 ? (
          <Empty>
            <p>No tasks yet</p>
            <ItemDescription>Add your first one above.</ItemDescription>
          </Empty>
        ) : (
          <ItemGroup aria-label="Tasks">
            {tasks.map((task) => (
              <TaskItem key={task._id} task={task} attempt={attempt} />
            ))}
          </ItemGroup>
        )}
      </CardContent>
    </Card>
  )
}

/** Until the server has given the task its own. */
const NO_ID = '' as Id<'tasks'>

function NewTask() {
  const add = useConvexMutation(api.tasks.add).withOptimisticUpdate((store, { text }) => {
    const task = { _id: NO_ID, _creationTime: 0, userId: '', text, done: false }
    changeList(store, (tasks) => [task, ...tasks])
  })

  async function send({ text = '' }: Fields, form: HTMLFormElement) {
    form.reset()
    try {
      await add({ text })
    } catch (reason) {
      const input = form.querySelector('input')
      if (input) input.value ||= text
      return { field: 'text', message: messageOf(reason) }
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
  /** Says in the list's alert why a change failed. */
  attempt: (change: Promise<unknown>) => void
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
