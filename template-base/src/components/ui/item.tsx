import { styled } from './styled'

export const ItemGroup = styled('ul', 'item-group', 'item-group')
export const Item = styled('li', 'item', 'item')
export const ItemContent = styled('div', 'item-content', 'item-content')
export const ItemDescription = styled('p', 'item-description', 'muted')

/** The text of an item and the checkbox that it belongs to. */
export const ItemLabel = styled('label', 'item-label', 'item-label')
