/** One step into a JSON document: a member's name or an array's index. */
export type PathStep = string | number;

/** Values that a rule's text names, such as the limit that was passed. */
export type RuleParameters = Readonly<Record<string, string | number>>;

/**
 * A request that cannot be turned into its message: which rule of the JSON profile it breaks, and where.
 * The codecs throw it at the value itself; each level on the way out puts its own step before the path (see {@link at}), so that nothing is paid for
 * paths while everything is well.
 */
export class DecodeError extends Error {
  readonly rule: string;
  readonly parameters: RuleParameters;
  readonly path: PathStep[] = [];

  constructor(rule: string, parameters: RuleParameters = {}) {
    super(rule);
    this.name = 'DecodeError';
    this.rule = rule;
    this.parameters = parameters;
  }

  /** The path as clients see it: `items[0].service_id`; empty for the document itself. */
  get field(): string {
    return toFieldPath(this.path);
  }
}

/** Puts a step before the path of an error on its way out; other errors stay as they are. */
export function at(error: unknown, step: PathStep): unknown {
  if (error instanceof DecodeError) error.path.unshift(step);
  return error;
}

/** Longest member name that an answer repeats, in UTF-16 units; no field of ours comes near. */
const maxStepLength = 100;

/** `['items', 0, 'service_id']` → `items[0].service_id`. Names that nobody wrote by hand are shortened: an answer must not be as large as the body. */
export function toFieldPath(path: readonly PathStep[]): string {
  let text = '';
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`;
    else text += text === '' ? shorten(step) : `.${shorten(step)}`;
  }
  return text;
}

function shorten(name: string): string {
  return name.length > maxStepLength ? `${name.slice(0, maxStepLength).toWellFormed()}…` : name;
}
