const attempts = 4;

/**
 * Runs a transaction again where PostgreSQL chose it to end a deadlock. Claims are taken in one order, but a booking that
 * moves holds its old time while it waits for its new one.
 */
export async function retryDeadlock<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (attempt === attempts || (error as { code?: unknown }).code !== '40P01') throw error;
    }
  }
}
