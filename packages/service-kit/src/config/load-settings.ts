import { z } from 'zod';
import { developmentDefaultOf } from './setting.ts';

/** One or more settings are wrong. `problems` has one line per setting; values never appear in it. */
export class ConfigError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`wrong settings: ${problems.join('; ')}`);
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

/**
 * Reads the settings named by `shape` from `env`. An empty variable counts as unset.
 * Throws one ConfigError that names every wrong setting.
 */
export function loadSettings<S extends z.ZodRawShape>(shape: S, env: NodeJS.ProcessEnv): z.infer<z.ZodObject<S>> {
  const values: Record<string, unknown> = {};
  const problems: string[] = [];
  for (const [name, schema] of Object.entries(shape)) {
    const text = env[name]?.trim();
    const fallback = developmentDefaultOf(schema);
    values[name] = text || fallback;
    // What everybody can read in the source is no secret, whoever has set it.
    if (env.NODE_ENV !== 'production' || fallback === undefined || values[name] !== fallback) continue;
    problems.push(`${name} ${text ? 'must not have its development default' : 'must be set'} in production`);
  }
  const result = z.object(shape).safeParse(values);
  if (!result.success) problems.push(...result.error.issues.map(toProblem));
  if (!result.success || problems.length > 0) throw new ConfigError(problems);
  return result.data;
}

function toProblem(issue: z.core.$ZodIssue): string {
  return `${issue.path.join('.')} ${issue.code === 'custom' || issue.code === 'invalid_type' ? issue.message : 'is not valid'}`;
}
