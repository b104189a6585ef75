import { describe, expect, it } from '@jest/globals';
import type { TextKind } from '../facts.ts';
import { findTemplateProblems } from './find-template-problems.ts';
import { templates, templateVariables } from './index.ts';

const kinds = Object.keys(templateVariables) as TextKind[];

describe('templates', () => {
  it.each(kinds.flatMap((kind) => [[kind, 'ar'] as const, [kind, 'en'] as const]))(
    '%s in %s uses each of its values and no other',
    (kind, language) => {
      expect(findTemplateProblems(templates[language][kind], templateVariables[kind])).toEqual([]);
    },
  );

  it('exist for every kind in both languages', () => {
    expect(Object.keys(templates.ar).sort()).toEqual([...kinds].sort());
    expect(Object.keys(templates.en).sort()).toEqual([...kinds].sort());
  });
});

describe('findTemplateProblems', () => {
  it('finds a value that is never used', () => {
    expect(findTemplateProblems('Hello {name}', ['name', 'start'])).toEqual(['{start} is never used']);
  });

  it('finds a place without a value, also inside a choice', () => {
    expect(findTemplateProblems('{by, select, salon {{salon}} other {}}', ['by'])).toEqual(['{salon} has no value']);
    expect(findTemplateProblems('{n, plural, one {# day} other {{n} days by {who}}}', ['n'])).toEqual([
      '{who} has no value',
    ]);
  });

  it('refuses what is no ICU message', () => {
    expect(() => findTemplateProblems('{name', ['name'])).toThrow();
  });
});
