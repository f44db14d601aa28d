import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react'
import { ConvexError } from 'convex/values'
import { afterEach, expect, test, vi } from 'vitest'
import { Form, SubmitButton, type Fields } from '~/components/form'
import { FormField, PasswordField, TextAreaField, TextField } from '~/components/form-fields'
import { Checkbox } from '~/components/ui/checkbox'
import { FieldLabel } from '~/components/ui/field'
import { useAttempt, type Failure } from '~/lib/failure'

type Names = 'title' | 'text' | 'colour'
type Send = (
  fields: Fields<Names>,
  form: HTMLFormElement,
  data: FormData,
) => Promise<Failure<Names> | undefined>

/** A note: its title, its text, a photo, and tags. */
function show(send: Send) {
  render(
    <Form send={send}>
      <TextField label="Title" name="title" defaultValue="Groceries" />
      <TextAreaField label="Text" name="text" required />
      <TextField label="Photo" name="photo" type="file" />
      <FormField label="Colour" name="colour">
        {(control) => (
          <select {...control} required>
            <option value="">Choose one</option>
            <option>red</option>
          </select>
        )}
      </FormField>
      <FieldLabel>
        <Checkbox name="tag" value="food" defaultChecked /> Food
      </FieldLabel>
      <FieldLabel>
        <Checkbox name="tag" value="home" defaultChecked /> Home
      </FieldLabel>
      <FieldLabel>
        <Checkbox name="public" /> Public
      </FieldLabel>
      <SubmitButton pendingLabel="Saving…">Save</SubmitButton>
    </Form>,
  )
}

const fill = (label: string, value: string) =>
  fireEvent.change(screen.getByLabelText(label), { target: { value } })
function fillAll() {
  fill('Text', 'Milk')
  fill('Colour', 'red')
}
const save = () => fireEvent.click(screen.getByText('Save'))

afterEach(cleanup)

test('sends texts by their names, and a file and several values as they are', async () => {
  const send = vi.fn<Send>().mockResolvedValue(undefined)
  show(send)
  fillAll()
  const chosen = new DataTransfer()
  chosen.items.add(new File(['x'], 'milk.png', { type: 'image/png' }))
  screen.getByLabelText<HTMLInputElement>('Photo').files = chosen.files
  save()
  await waitFor(() => expect(send).toHaveBeenCalled())
  const [fields, , data] = send.mock.lastCall!
  expect(fields).toMatchObject({ title: 'Groceries', text: 'Milk', colour: 'red' })
  expect(fields).not.toHaveProperty('photo')
  expect(data.get('photo')).toMatchObject({ name: 'milk.png', type: 'image/png' })
  expect(data.getAll('tag')).toEqual(['food', 'home'])
  expect(data.has('public')).toBe(false)
})

test.each([
  ['Text', () => fill('Colour', 'red')],
  ['Colour', () => fill('Text', 'Milk')],
])(
  'says at any control what the browser refuses, and sends nothing: %s',
  async (label, fillRest) => {
    const send = vi.fn<Send>()
    show(send)
    fillRest()
    save()
    const alert = await screen.findByRole('alert')
    const control = screen.getByLabelText(label)
    expect(control.getAttribute('aria-describedby')).toBe(alert.id)
    expect(control.getAttribute('aria-invalid')).toBe('true')
    expect(document.activeElement).toBe(control)
    expect(send).not.toHaveBeenCalled()
  },
)

test('a new password is not cut at any length', () => {
  render(<PasswordField isNew />)
  expect(screen.getByLabelText('Password').hasAttribute('maxlength')).toBe(false)
})

test('says what was answered at the field that it is about', async () => {
  show(async () => ({ field: 'title', message: 'There is one of this title.' }))
  fillAll()
  save()
  const alert = await screen.findByRole('alert')
  expect(alert.textContent).toBe('There is one of this title.')
  expect(screen.getByLabelText('Title').getAttribute('aria-describedby')).toBe(alert.id)
})

test('says what was thrown above the fields, and waits no longer', async () => {
  show(async () => {
    throw new ConvexError('Too many notes')
  })
  fillAll()
  save()
  expect((await screen.findByRole('alert')).textContent).toBe('Too many notes')
  expect(screen.getByText('Save')).toHaveProperty('disabled', false)
})

/** As browsers do with a disabled button's focus; happy-dom leaves it there. */
const loseFocus = async (button: HTMLButtonElement) => {
  await waitFor(() => expect(button.disabled).toBe(true))
  const other = document.body.appendChild(document.createElement('input'))
  other.focus()
  other.remove()
  expect(document.activeElement).toBe(document.body)
}

test('gives the focus back to the button that waited, and to nothing else', async () => {
  let answer: (failure?: Failure<Names>) => void = () => {}
  show(() => new Promise((resolve) => (answer = resolve)))
  fillAll()
  const button = screen.getByText<HTMLButtonElement>('Save')
  for (const [failure, focused] of [
    [undefined, button],
    [{ message: 'Too many notes' }, button],
    [{ field: 'title', message: 'There is one' }, screen.getByLabelText('Title')],
  ] as const) {
    button.focus()
    save()
    await loseFocus(button)
    answer(failure)
    await waitFor(() => expect(document.activeElement).toBe(focused))
  }
  button.focus()
  save()
  await loseFocus(button)
  screen.getByLabelText('Text').focus()
  answer(undefined)
  await waitFor(() => expect(button.disabled).toBe(false))
  expect(document.activeElement).toBe(screen.getByLabelText('Text'))
})

function Attempt({ change }: { change: () => Promise<undefined> }) {
  const { pending, attempt } = useAttempt()
  return (
    <button disabled={pending} onClick={() => attempt(change())}>
      Try
    </button>
  )
}

test('gives it back to a button without a form, too', async () => {
  let answer = () => {}
  render(<Attempt change={() => new Promise((resolve) => (answer = () => resolve(undefined)))} />)
  const button = screen.getByText<HTMLButtonElement>('Try')
  button.focus()
  fireEvent.click(button)
  await loseFocus(button)
  answer()
  await waitFor(() => expect(document.activeElement).toBe(button))
})
