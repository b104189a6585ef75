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

/** One mistake; collected into a {@link RouteError}. */
export class BindingError extends Error {
  override readonly name = 'BindingError';
}

/** `booking/v1/booking_service.proto:12 mawid.booking.v1.BookingService.CreateBooking`; the line only where the descriptor has source info. */
export function placeOf(method: DescMethod): string {
  const file = `${method.parent.file.name}.proto`;
  const line = lineOf(method.parent, method);
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
