/** A JSON Schema (2020-12) as far as it is written here; keywords are those of the specification. */
export interface Schema {
  readonly [keyword: string]: unknown;
}

/** An object of an OpenAPI document that is not looked into. */
export interface Part {
  readonly [member: string]: unknown;
}

/** One operation. */
export interface Operation extends Part {
  readonly operationId: string;
  readonly tags: readonly string[];
}

/** An OpenAPI 3.1 document. */
export interface OpenApiDocument {
  readonly openapi: string;
  readonly info: Part;
  readonly servers: readonly Part[];
  readonly tags: readonly Part[];
  /** By path, then by lower-case HTTP method. */
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/**
 * Which way a message goes. What is sent is closed, so that a mistyped member is refused; `lenient` is what is sent to paths of the
 * old backend, where unknown members are ignored; what is answered stays open, so that clients survive new members.
 */
export type Direction = 'request' | 'lenient' | 'response';
