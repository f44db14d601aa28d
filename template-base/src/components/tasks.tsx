import { convexQuery, useConvexMutation } from '@convex-dev/react-query'
import { useSuspenseQueries } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { OptimisticLocalStore } from 'convex/browser'
import { useEffect, useId, useState, useTransition } from 'react'
import { api } from '~/convex/_generated/api'
import type { Doc, Id } from '~/convex/_generated/dataModel'
import { failureOf } from '~/lib/failure'
import { Form, SubmitButton, type Fields } from './form'
import { TextField } from './form-fields'
import { Button, buttonVariants } from './ui/button'
import { Checkbox } from './ui/checkbox'
import { Item, ItemContent, ItemLabel } from './ui/item'

type Task = Doc<'tasks'>

const PAGE_SIZE = 50

/** A page of the list, live: the first one starts at `null`. */
export const tasksQuery = (cursor: string | null) =>
  convexQuery(api.tasks.list, { paginationOpts: { numItems: PAGE_SIZE, cursor } })

/** The pages that were asked for so far. The page before stays until the next one is there. */
export function useTasks() {
  const [cursors, setCursors] = useState<(string | null)[]>([null])
  const [loading, startTransition] = useTransition()
  const pages = useSuspenseQueries({ queries: cursors.map(tasksQuery) }).map(({ data }) => data)
  const tasks = pages.flatMap(({ page }) => page)
  const last = pages.at(-1)
  const loadMore =
    last && !last.isDone
      ? () => startTransition(() => setCursors([...cursors, last.continueCursor]))
      : undefined
  useEffect(() => {
    // A page keeps its ends: when all that was in it is deleted, the next one has the rest.
    if (tasks.length === 0 && !loading) loadMore?.()
  })
  return { tasks, loading, loadMore }
}

/** Changes the list at once; Convex takes it back if the server refuses. */
function changeList(
  store: OptimisticLocalStore,
  change: (tasks: Task[], isFirst: boolean) => Task[],
) {
  for (const { args, value } of store.getAllQueries(api.tasks.list)) {
    const isFirst = args.paginationOpts.cursor === null
    if (value) store.setQuery(api.tasks.list, args, { ...value, page: change(value.page, isFirst) })
  }
}

/** Until the server has given the task its own. */
const NO_ID = '' as Id<'tasks'>

export function NewTask() {
  const add = useConvexMutation(api.tasks.add).withOptimisticUpdate((store, { text }) => {
    const task = { _id: NO_ID, _creationTime: 0, userId: '', text, done: false }
    changeList(store, (tasks, isFirst) => (isFirst ? [task, ...tasks] : tasks))
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
      <TextField label="New task" name="text" dir="auto" autoComplete="off" required>
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

export function TaskItem({ task: { _id: id, text, done }, attempt }: TaskItemProps) {
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
      {id !== NO_ID && (
        <Link
          to="/tasks/$id"
          params={{ id }}
          className={buttonVariants({ variant: 'ghost', size: 'sm' })}
          aria-describedby={textId}
        >
          Open
        </Link>
      )}
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
