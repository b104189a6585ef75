import { IntlMessageFormat } from 'intl-messageformat';

type Element = ReturnType<IntlMessageFormat['getAst']>[number];

// Of the parser's element types, the two that name no variable: plain text, and `#` in a plural.
const literal = 0;
const pound = 7;

/** What is wrong with a template that is to use these variables and no others; empty when nothing is. */
export function findTemplateProblems(template: string, variables: readonly string[]): string[] {
  const used = new Set(new IntlMessageFormat(template, 'en').getAst().flatMap(namesOf));
  const missing = variables.filter((name) => !used.has(name)).map((name) => `{${name}} is never used`);
  const unknown = [...used].filter((name) => !variables.includes(name)).map((name) => `{${name}} has no value`);
  return [...missing, ...unknown];
}

function namesOf(element: Element): string[] {
  if (element.type === literal || element.type === pound) return [];
  if ('children' in element) return element.children.flatMap(namesOf);
  if (!('options' in element)) return [element.value];
  return [element.value, ...Object.values(element.options).flatMap((option) => option.value.flatMap(namesOf))];
}
