/** The part of a pino line that a person reads. */
interface LogRecord {
  level?: number | string;
  time?: number | string;
  msg?: string;
}

const levels: readonly (readonly [number, string])[] = [
  [60, 'fatal'],
  [50, 'error'],
  [40, 'warn'],
  [30, 'info'],
  [20, 'debug'],
];

const quiet = new Set(['level', 'time', 'msg', 'name', 'pid', 'hostname', 'v']);

/**
 * One line for people from one line of a program: `[booking] 18:30:01 warn a message key=value`.
 * A line that is not JSON comes back as it is, behind the program's name.
 */
export function toReadableLine(program: string, line: string): string {
  const record = parseRecord(line);
  if (!record) return `[${program}] ${line}`;
  const time = record.time === undefined ? '' : `${new Date(record.time).toISOString().slice(11, 19)} `;
  return `[${program}] ${time}${toLevel(record.level)} ${record.msg ?? ''}${toDetails(record)}`;
}

function toLevel(level: number | string | undefined): string {
  if (typeof level === 'string') return level;
  return levels.find(([least]) => (level ?? 30) >= least)?.[1] ?? 'trace';
}

function parseRecord(line: string): (LogRecord & Record<string, unknown>) | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    return JSON.parse(line) as LogRecord & Record<string, unknown>;
  } catch {
    return undefined;
  }
}

function toDetails(record: Record<string, unknown>): string {
  const details = Object.entries(record).filter(([key]) => !quiet.has(key));
  return details.map(([key, value]) => ` ${key}=${toText(value)}`).join('');
}

function toText(value: unknown): string {
  if (typeof value !== 'object' || value === null) return toOneLine(String(value));
  const { message } = value as { message?: unknown };
  return typeof message === 'string' ? toOneLine(message) : JSON.stringify(value);
}

// Prisma's messages have several.
function toOneLine(text: string): string {
  return text.trim().replaceAll(/\s*\n\s*/g, ' ');
}
