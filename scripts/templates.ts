import handlebars from 'handlebars'

/**
 * Compiles a `.hbs` file of ours to a function of its data. Handlebars parses
 * it; the part of its language that our prose uses is small, and plain
 * functions start in a tenth of the time of its runtime. Both give the same
 * text: test/unit/scripts/templates.test.ts.
 *
 * @returns the source of an expression, over the functions of src/layers/prose.ts
 * @throws Error for what this compiler doesn't know
 */
export function templateSource(text: string, path: string): string {
  const program = handlebars.parse(text) as hbs.AST.Program
  const block = (inner: hbs.AST.Program | undefined): string =>
    inner?.body.map(statement).join(' + ') || '""'

  function statement(node: hbs.AST.Statement): string {
    switch (node.type) {
      case 'ContentStatement':
        return JSON.stringify((node as hbs.AST.ContentStatement).value)
      case 'CommentStatement':
        return '""'
      case 'MustacheStatement':
        return `text(${mustache(node as hbs.AST.MustacheStatement)})`
      case 'BlockStatement':
        return blockStatement(node as hbs.AST.BlockStatement)
      default:
        throw unknown(node, node.type)
    }
  }

  function mustache(node: hbs.AST.MustacheStatement): string {
    if (node.params.length > 0 || node.hash) throw unknown(node, 'a helper')
    return lookup(node.path)
  }

  function blockStatement(node: hbs.AST.BlockStatement): string {
    const [argument, ...more] = node.params
    const { original: helper } = node.path as hbs.AST.PathExpression
    const named = node.program?.blockParams?.length
    if (!argument || more.length > 0 || node.hash || named) {
      throw unknown(node, `{{#${helper}}} with other arguments`)
    }
    const value = lookup(argument)
    const [first, second] = [block(node.program), block(node.inverse)]
    if (helper === 'if') return `(truthy(${value}) ? ${first} : ${second})`
    if (helper === 'each') {
      return `each(${value}, (scope, index) => ${first}, () => ${second})`
    }
    throw unknown(node, `{{#${helper}}}`)
  }

  function lookup(node: hbs.AST.Node): string {
    const { type, depth, data, parts } = node as hbs.AST.PathExpression
    if (type !== 'PathExpression' || depth > 0) throw unknown(node, type)
    const [head, ...rest] = parts
    if (data && head === 'index' && rest.length === 0) return 'index'
    if (data && head !== 'root') throw unknown(node, `@${head}`)
    const [scope, names] = data ? ['root', rest] : ['scope', parts]
    return `need(${[scope, ...names.map((name) => JSON.stringify(name))].join(', ')})`
  }

  function unknown(node: hbs.AST.Node, what: string): Error {
    return new Error(
      `${path}, line ${node.loc.start.line}: scripts/templates.ts can't compile ${what}`,
    )
  }

  return `(root) => { const scope = root; return ${block(program)} }`
}
