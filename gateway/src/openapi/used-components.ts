import type { OpenApiDocument, Operation } from './types.ts';

type Components = OpenApiDocument['components'];

const reference = /"#\/components\/(\w+)\/([\w.-]+)"/g;

/** The components that the paths need, directly or through others: one that nothing refers to is a loose end. */
export function usedComponents(paths: OpenApiDocument['paths'], all: Components): Components {
  const used = new Set<string>();
  const visit = (part: unknown): void => {
    for (const [, kind = '', name = ''] of JSON.stringify(part).matchAll(reference)) {
      const key = `${kind}/${name}`;
      if (used.has(key)) continue;
      used.add(key);
      visit(all[kind]?.[name] ?? {});
    }
  };
  visit(paths);
  for (const operation of Object.values(paths).flatMap((item) => Object.values(item))) {
    for (const name of schemesOf(operation)) used.add(`securitySchemes/${name}`);
  }
  const kept = Object.entries(all).map(([kind, parts]) => [
    kind,
    Object.fromEntries(Object.entries(parts).filter(([name]) => used.has(`${kind}/${name}`))),
  ]);
  return Object.fromEntries(kept) as Components;
}

function schemesOf({ security }: Operation): string[] {
  return (security as Readonly<Record<string, unknown>>[]).flatMap((each) => Object.keys(each));
}
