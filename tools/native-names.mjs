import ts from 'typescript';

/**
 * Takes out of a bundle what esbuild put around functions to keep their names, wherever the language gives that name by itself: in a hot
 * path every closure had a property defined for nothing, which cost a read as much as opening a sealed value. What esbuild has renamed
 * stays wrapped, and so do classes, which Nest and TypeORM find by name.
 * @param text of one file @returns the text without needless calls of `__name`
 */
export function withNativeNames(text) {
  const file = ts.createSourceFile('bundle.js', text, ts.ScriptTarget.ESNext, true, ts.ScriptKind.JS);
  const kept = [];
  let from = 0;
  const drop = (start, end) => {
    kept.push(text.slice(from, start));
    from = end;
  };
  const visit = (node) => {
    const call = isNaming(node) && node;
    const [target, name] = call ? call.arguments : [];
    if (call && ts.isIdentifier(target) && ts.isExpressionStatement(call.parent) && target.text === name.text)
      return drop(call.parent.getStart(), call.parent.end);
    if (call && isFunction(target) && (target.name?.text ?? givenBy(call)) === name.text) {
      drop(call.getStart(), target.getStart());
      ts.forEachChild(target, visit);
      return drop(target.end, call.end);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return kept.join('') + text.slice(from);
}

const isNaming = (node) =>
  ts.isCallExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === '__name';
const isFunction = (node) => ts.isArrowFunction(node) || ts.isFunctionExpression(node);

/** The name that a nameless function has where it stands (ECMA-262 section 8.4, NamedEvaluation); undefined where it has none. */
function givenBy(node) {
  const { parent } = node;
  const isDeclared =
    ts.isVariableDeclaration(parent) || ts.isPropertyAssignment(parent) || ts.isPropertyDeclaration(parent);
  if (isDeclared && parent.initializer === node)
    return ts.isIdentifier(parent.name) || ts.isStringLiteral(parent.name) ? parent.name.text : undefined;
  const isAssigned = ts.isBinaryExpression(parent) && parent.operatorToken.kind === ts.SyntaxKind.EqualsToken;
  return isAssigned && parent.right === node && ts.isIdentifier(parent.left) ? parent.left.text : undefined;
}
