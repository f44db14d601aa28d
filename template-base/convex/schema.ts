import { defineSchema, defineTable } from 'convex/server'
import { v } from 'convex/values'

// Users and sessions are kept by the Better Auth component, in tables of its own.
export default defineSchema({
  tasks: defineTable({
    userId: v.string(),
    text: v.string(),
    done: v.boolean(),
  }).index('by_user', ['userId']),
})
