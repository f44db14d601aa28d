import { styled } from './styled'

/** What a list shows while there is nothing in it. */
export const Empty = styled(
  'div',
  'empty',
  'grid gap-1 rounded-lg border border-dashed p-8 text-center text-sm',
)
