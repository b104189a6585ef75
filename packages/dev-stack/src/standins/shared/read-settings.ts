import { z } from 'zod';

/** Reads settings from the environment; an empty one counts as absent. Throws one error that names every wrong setting. */
export function readSettings<S extends z.ZodRawShape>(shape: S, env: NodeJS.ProcessEnv): z.infer<z.ZodObject<S>> {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const read = z.object(shape).safeParse(given);
  if (read.success) return read.data;
  const problems = read.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new SettingsError(problems);
}

export class SettingsError extends Error {
  override readonly name = 'SettingsError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`wrong settings: ${problems.join('; ')}`);
    this.problems = problems;
  }
}

/** A port number; 0 asks for a free one. */
export function portSetting(fallback: number) {
  return z.coerce.number().int().min(0).max(65_535).default(fallback);
}

export function switchSetting(fallback: 'on' | 'off') {
  return z
    .enum(['on', 'off'])
    .default(fallback)
    .transform((value) => value === 'on');
}
