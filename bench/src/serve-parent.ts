/**
 * The other end of `startChild`: says what the parent needs to know, does the tasks it sends, and ends when it lets go.
 */
export function serveParent(said: Record<string, number>, work?: (task: never) => Promise<object>): void {
  process.on('message', (task) => {
    work?.(task as never).then((result) => process.send?.(result), endWith);
  });
  // A way out that writes the CPU profile.
  process.on('disconnect', () => process.exit(0));
  process.send?.(said);
}

function endWith(error: unknown): void {
  console.error(error);
  process.exit(1);
}
