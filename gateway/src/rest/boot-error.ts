import type { DescMethod, DescService } from '@bufbuild/protobuf';

/** Every mistake in the routes of the protos; the gateway does not start with any. */
export class RouteError extends Error {
  override readonly name = 'RouteError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`The REST annotations cannot be served:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
    this.problems = problems;
  }
}

/** One mistake, or several of one place; collected into a {@link RouteError}. */
export class BindingError extends Error {
  override readonly name = 'BindingError';
  readonly problems: readonly string[];

  constructor(...problems: string[]) {
    super(problems.join('; '));
    this.problems = problems;
  }
}

/** Runs every part and gives what they return. Throws one {@link BindingError} with the mistakes of all of them. */
export function compileAll<T extends readonly unknown[]>(parts: { [K in keyof T]: () => T[K] }): T {
  const problems: string[] = [];
  const compiled = parts.map((compile) => {
    try {
      return compile();
    } catch (error) {
      if (!(error instanceof BindingError)) throw error;
      problems.push(...error.problems);
      return undefined;
    }
  });
  if (problems.length > 0) throw new BindingError(...problems);
  return compiled as unknown as T;
}

/** Finds the line of a method for descriptors that carry no source info, as generated code does; @mawid/contracts' `sourceOf` is one. */
export type SourceLookup = (method: DescMethod) => { readonly line: number } | undefined;

/** `booking/v1/booking_service.proto:12 mawid.booking.v1.BookingService.CreateBooking`; without the line where nobody knows it. */
export function placeOf(method: DescMethod, sourceOf?: SourceLookup): string {
  const file = `${method.parent.file.name}.proto`;
  const line = lineOf(method.parent, method) ?? sourceOf?.(method)?.line;
  return `${file}${line === undefined ? '' : `:${line}`} ${method.parent.typeName}.${method.name}`;
}

// Field numbers in google/protobuf/descriptor.proto: FileDescriptorProto.service, ServiceDescriptorProto.method.
const serviceField = 6;
const methodField = 2;

function lineOf(service: DescService, method: DescMethod): number | undefined {
  const path = [serviceField, service.file.services.indexOf(service), methodField, service.methods.indexOf(method)];
  const locations = service.file.proto.sourceCodeInfo?.location ?? [];
  const location = locations.find((each) => each.path.join() === path.join());
  const line = location?.span[0];
  return line === undefined ? undefined : line + 1;
}
