/** A line of sh that leaves what an installation leaves, as far as we look at it: a package.json of each dependency. */
export const fakeInstall = `node -e '${[
  'const { mkdirSync, readFileSync, writeFileSync } = require("node:fs")',
  'const { dependencies, devDependencies } = JSON.parse(readFileSync("package.json", "utf8"))',
  'for (const name of Object.keys({ ...dependencies, ...devDependencies })) {',
  '  mkdirSync("node_modules/" + name, { recursive: true })',
  '  writeFileSync("node_modules/" + name + "/package.json", JSON.stringify({ version: "1.0.0" }))',
  '}',
].join('\n')}'`
