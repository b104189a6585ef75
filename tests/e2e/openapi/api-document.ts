import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

/** Any JSON object. */
export type Json = Readonly<Record<string, unknown>>;

/** One documented operation and the way to it. */
export interface DocumentedOperation {
  readonly path: string;
  readonly method: string;
  readonly operation: Json;
  /** What the path's places were filled with, decoded. */
  readonly values: Readonly<Record<string, string>>;
}

/** An OpenAPI document that requests and answers are held against. */
export interface ApiDocument {
  /** The operation that a request is for; HEAD is GET. Undefined where the document has none. */
  find(method: string, path: string): DocumentedOperation | undefined;
  /** Follows a reference, where it is one. */
  follow(part: unknown): Json;
  /** What is wrong with a value, by the schema or reference; nothing where all is well. */
  problems(schema: unknown, value: unknown): string[];
}

const base = 'api';

/** Reads a document. Throws where it is none. */
export function readDocument(document: Json): ApiDocument {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  // The package is CommonJS: its function is the default of its default.
  (addFormats as unknown as { default: (ajv: Ajv2020) => void }).default(ajv);
  ajv.addSchema(document as object, base);
  const paths = Object.entries(document.paths as Record<string, Json>).map(([path, item]) => ({
    path,
    item,
    pattern: toPattern(path),
  }));
  const validators = new Map<string, ReturnType<Ajv2020['compile']>>();
  return {
    find: (method, path) => {
      const known = method === 'HEAD' ? 'get' : method.toLowerCase();
      for (const { path: template, item, pattern } of paths) {
        const match = pattern.exec(path);
        const operation = item[known] as Json | undefined;
        const values = match && operation && decodeAll(match.groups ?? {});
        if (values && operation) return { path: template, method: known, operation, values };
      }
      return undefined;
    },
    follow: (part) => {
      const reference = (part as { $ref?: string } | undefined)?.$ref;
      return reference === undefined ? ((part ?? {}) as Json) : (toPlace(document, reference) as Json);
    },
    problems: (schema, value) => {
      // References inside stay inside the document.
      const text = JSON.stringify(schema).replaceAll('"$ref":"#/', `"$ref":"${base}#/`);
      const validate = validators.get(text) ?? ajv.compile(JSON.parse(text) as object);
      validators.set(text, validate);
      return validate(value) ? [] : (validate.errors ?? []).map(toText);
    },
  };
}

/** Literal segments go before places, as they do in the gateway. */
function toPattern(path: string): RegExp {
  const parts = path.split('/').map((part) => {
    const [, name] = /^\{(.+)\}$/.exec(part) ?? [];
    return name === undefined ? part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&') : `(?<${name.replaceAll('.', '$')}>[^/]+)`;
  });
  return new RegExp(`^${parts.join('/')}/?$`);
}

/** Undefined where the encoding is broken: such a path is no place of ours. */
function decodeAll(groups: Readonly<Record<string, string>>): Record<string, string> | undefined {
  try {
    return Object.fromEntries(
      Object.entries(groups).map(([name, value]) => [name.replaceAll('$', '.'), decodeURIComponent(value)]),
    );
  } catch {
    return undefined;
  }
}

function toPlace(document: Json, reference: string): unknown {
  const names = reference.slice(2).split('/');
  return names.reduce<unknown>((part, name) => (part as Json | undefined)?.[name], document);
}

function toText({ instancePath, message, params }: ErrorObject): string {
  return `${instancePath === '' ? 'it' : instancePath} ${message} ${JSON.stringify(params)}`;
}
