import { styled } from './styled'

export const Input = styled('input', 'input', 'input')
