#!/usr/bin/env node
'use strict'
// Node parses this file whatever its age, so it is written for the oldest.
var running = process.versions.node
var version = running.split('.')
var major = Number(version[0])
var sentence = 'create-start-convex-auth needs Node 20.19 or newer, and this is '
var fix = 'Install a newer one from https://nodejs.org and run it again.'

if (major < 20 || (major === 20 && Number(version[1]) < 19)) {
  console.error('Error  ' + sentence + running + '.\n       ' + fix)
  process.exit(1)
} else {
  require('./index.cjs')
}
