import { styled } from './styled'

/** What a list shows while there is nothing in it. */
export const Empty = styled('div', 'empty', 'empty')
