import { styled } from './styled'

export const ItemGroup = styled('ul', 'item-group', '-my-2 divide-y')
export const Item = styled('li', 'item', 'flex items-center gap-3 py-2 text-sm')
export const ItemContent = styled('div', 'item-content', 'flex min-w-0 flex-1 flex-col gap-1')
export const ItemDescription = styled('p', 'item-description', 'text-muted-foreground')

/** The text of an item and the checkbox that it belongs to. */
export const ItemLabel = styled(
  'label',
  'item-label',
  'flex cursor-pointer items-center gap-3 py-1 *:min-w-0 has-checked:text-muted-foreground has-checked:line-through',
)
