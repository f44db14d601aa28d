import { APIError } from 'better-auth/api'

interface Fields {
  name?: unknown
  email?: string
  image?: unknown
}

/** Name and address are in every token, and a token has to fit into a cookie. */
export async function checkUserFields({ name, email, image }: Fields) {
  if (name !== undefined && (!isText(name, 255) || !name.trim())) {
    throw new APIError('BAD_REQUEST', { message: 'A name has 1 to 255 characters.' })
  }
  if (email !== undefined && email.length > 254) {
    throw new APIError('BAD_REQUEST', { message: 'An e-mail address has at most 254 characters.' })
  }
  // Better Auth takes anything here.
  if (image !== undefined && image !== null && !isText(image, 2000)) {
    throw new APIError('BAD_REQUEST', { message: 'An image has at most 2000 characters.' })
  }
}

const isText = (value: unknown, longest: number): value is string =>
  typeof value === 'string' && value.length <= longest
