import { useConvexMutation } from '@convex-dev/react-query'
import { ConvexError } from 'convex/values'
import { useId, useState, type FormEvent } from 'react'
import { api } from '../../convex/_generated/api'
import type { Doc } from '../../convex/_generated/dataModel'
import { TextField } from './text-field'
import { Alert } from './ui/alert'
import { Button } from './ui/button'
import { Card, CardContent } from './ui/card'
import { Checkbox } from './ui/checkbox'
import { FieldGroup, FieldRow } from './ui/field'
import { Empty, Item, ItemContent, ItemGroup, ItemLabel } from './ui/item'

export function TaskList({ tasks }: { tasks: Doc<'tasks'>[] }) {
  const [error, setError] = useState<string>()

  async function attempt(change: Promise<unknown>) {
    setError(undefined)
    try {
      await change
      return true
    } catch (reason) {
      setError(
        reason instanceof ConvexError ? String(reason.data) : 'That did not work. Try again.',
      )
      return false
    }
  }

  return (
    <Card>
      <CardContent>
        <NewTask attempt={attempt} />
        {error && <Alert>{error}</Alert>}
        {tasks.length === 0 ? (
          <Empty>No tasks yet. Add your first one above.</Empty>
        ) : (
          <ItemGroup aria-label="Tasks">
            {tasks.map((task) => (
              <Task key={task._id} task={task} attempt={attempt} />
            ))}
          </ItemGroup>
        )}
      </CardContent>
    </Card>
  )
}

/** Says in the list's alert why a change failed; answers whether it worked. */
type Attempt = (change: Promise<unknown>) => Promise<boolean>

function NewTask({ attempt }: { attempt: Attempt }) {
  const add = useConvexMutation(api.tasks.add)
  const [pending, setPending] = useState(false)

  async function handleSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const form = event.currentTarget
    const text = String(new FormData(form).get('text'))
    setPending(true)
    if (await attempt(add({ text }))) form.reset()
    setPending(false)
  }

  return (
    <form onSubmit={handleSubmit}>
      <FieldGroup>
        <FieldRow>
          <TextField label="New task" name="text" maxLength={500} autoComplete="off" required />
          <Button type="submit" disabled={pending}>
            {pending ? 'Adding…' : 'Add'}
          </Button>
        </FieldRow>
      </FieldGroup>
    </form>
  )
}

function Task({ task, attempt }: { task: Doc<'tasks'>; attempt: Attempt }) {
  const id = task._id
  const textId = useId()
  // The list follows at once, and goes back if the server refuses.
  const setDone = useConvexMutation(api.tasks.setDone).withOptimisticUpdate((store, { done }) => {
    const tasks = store.getQuery(api.tasks.list, {}) ?? []
    const next = tasks.map((t) => (t._id === id ? { ...t, done } : t))
    store.setQuery(api.tasks.list, {}, next)
  })
  const remove = useConvexMutation(api.tasks.remove).withOptimisticUpdate((store) => {
    const tasks = store.getQuery(api.tasks.list, {}) ?? []
    const next = tasks.filter((t) => t._id !== id)
    store.setQuery(api.tasks.list, {}, next)
  })

  return (
    <Item>
      <ItemContent>
        <ItemLabel>
          <Checkbox
            checked={task.done}
            onChange={(event) => attempt(setDone({ id, done: event.target.checked }))}
          />
          <span id={textId}>{task.text}</span>
        </ItemLabel>
      </ItemContent>
      <Button
        variant="ghost"
        size="sm"
        aria-describedby={textId}
        onClick={() => attempt(remove({ id }))}
      >
        Delete
      </Button>
    </Item>
  )
}
