import { styled } from './styled'

export const Checkbox = styled('input', 'checkbox', 'checkbox', { type: 'checkbox' })
