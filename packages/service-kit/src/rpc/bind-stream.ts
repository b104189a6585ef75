import { type Context, context } from '@opentelemetry/api';

/** The same stream, each of its steps run inside `active`; `onEnd` hears once how it ended. */
export async function* bindStream<T>(
  messages: AsyncIterable<T>,
  active: Context,
  onEnd: (error: unknown) => void,
): AsyncGenerator<T> {
  const iterator = context.with(active, () => messages[Symbol.asyncIterator]());
  let failure: unknown;
  try {
    for (;;) {
      const step = await context.with(active, () => iterator.next());
      if (step.done) return;
      yield step.value;
    }
  } catch (error) {
    failure = error;
    throw error;
  } finally {
    onEnd(failure);
    await iterator.return?.();
  }
}
