/** The page of a signed-in user, unless they came for another. */
export const HOME = '/dashboard'
