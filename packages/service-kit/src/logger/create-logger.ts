import { isSpanContextValid, trace } from '@opentelemetry/api';
import { type DestinationStream, type Logger, pino } from 'pino';
import { maskObject, maskText } from './mask.ts';

export type { Logger } from 'pino';

export interface LoggerOptions {
  name: string;
  level: string;
  /** Where lines go; standard output when absent. */
  destination?: DestinationStream | undefined;
}

/** A JSON logger. Lines carry the active span's `trace_id` and `span_id`; secrets and personal data are masked. */
export function createLogger(options: LoggerOptions): Logger {
  const settings = {
    level: options.level,
    base: { service: options.name },
    timestamp: pino.stdTimeFunctions.isoTime,
    mixin: traceIds,
    formatters: {
      level: (label: string) => ({ level: label }),
      log: (object: Record<string, unknown>) => maskObject(object),
    },
    serializers: { err: (error: unknown) => error },
    hooks: { logMethod: maskArguments },
  };
  return withMaskedChildren(options.destination ? pino(settings, options.destination) : pino(settings));
}

// pino applies its formatters to lines, but not to what children are bound to. Children inherit this method.
function withMaskedChildren(logger: Logger): Logger {
  const { child } = logger;
  return Object.assign(logger, {
    child(this: Logger, bindings: object, ...rest: never[]) {
      return child.call(this, maskObject(bindings), ...rest);
    },
  });
}

function traceIds(): object {
  const span = trace.getActiveSpan()?.spanContext();
  return span && isSpanContextValid(span) ? { trace_id: span.traceId, span_id: span.spanId } : {};
}

// pino takes an error's message as the line's message by itself, after the formatters: so it is given masked, here.
function maskArguments(this: Logger, args: unknown[], method: (...args: never[]) => void): void {
  const [first, ...rest] = args;
  const texts = rest.map((each) => (typeof each === 'string' ? maskText(each) : each));
  if (typeof first === 'string') {
    method.apply(this, [maskText(first), ...texts] as never[]);
    return;
  }
  const error = first instanceof Error ? first : (first as { err?: unknown } | undefined)?.err;
  const object = first instanceof Error ? { err: first } : first;
  if (texts.length === 0 && error instanceof Error) texts.push(maskText(error.message));
  method.apply(this, [object, ...texts] as never[]);
}
