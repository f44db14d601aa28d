import { styled } from './styled'

const look = 'size-4 shrink-0 accent-primary'

export const Checkbox = styled('input', 'checkbox', look, { type: 'checkbox' })
