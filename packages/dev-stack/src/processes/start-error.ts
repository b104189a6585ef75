/** A program ended before it was ready, or never became ready. The message has its last words, for people. */
export class StartError extends Error {
  readonly program: string;

  constructor(program: string, lastLines: readonly string[], logFile: string) {
    super(`${program} did not start: ${toLastWords(lastLines)} (log: ${logFile})`);
    this.name = 'StartError';
    this.program = program;
  }
}

// A program that refuses to start says why in one plain line; its JSON log lines only matter when there is none.
// A crash prints a stack, of which the line with the error is worth showing.
function toLastWords(lines: readonly string[]): string {
  const plain = lines.filter((line) => line.trim() && !line.startsWith('{'));
  const error = plain.findLast((line) => /^\w*Error\b/.test(line));
  if (error !== undefined) return error;
  return (plain.length > 0 ? plain : lines).slice(-6).join('\n') || 'it ended without a word';
}
