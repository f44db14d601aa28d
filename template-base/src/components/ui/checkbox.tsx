import type { ComponentProps } from 'react'

export function Checkbox(props: Omit<ComponentProps<'input'>, 'type'>) {
  return <input data-slot="checkbox" type="checkbox" className="checkbox" {...props} />
}
