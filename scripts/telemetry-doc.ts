// Compares docs/telemetry.md with the code.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Registry } from 'prom-client';
import { root } from './tools.ts';

/** A metric as `name type label,label`. */
export type MetricLine = string;

/** What the code registers in a registry, without Node's own metrics. */
export function listRegistered(register: (registry: Registry) => unknown): MetricLine[] {
  const registry = new Registry();
  registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE as never);
  register(registry);
  const metrics = registry.getMetricsAsArray() as unknown as { name: string; labelNames: readonly string[] }[];
  return metrics.map((metric) => toLine(metric.name, metric.constructor.name.toLowerCase(), metric.labelNames)).sort();
}

/** What a chapter of the document says is registered. */
export function listDocumented(chapter: string): MetricLine[] {
  return rowsOf(chapter)
    .filter((cells) => cells.length === 4)
    .map(([name = '', type = '', labels = '']) => toLine(namesIn(name)[0] ?? '', type, namesIn(labels)))
    .sort();
}

/** The files that the document says make spans, and those that do. */
export function listSpanFiles(): { documented: string[]; found: string[] } {
  const documented = rowsOf('Spans').map((cells) => namesIn(cells[2] ?? '')[0] ?? '');
  const sources = globSync(['services/*/src/**/*.ts', 'packages/*/src/**/*.ts', 'gateway/src/**/*.ts'], { cwd: root });
  return { documented: documented.sort(), found: sources.filter(makesSpans).sort() };
}

/** The files that register metrics: the ones that the test must ask. */
export function listMetricFiles(): string[] {
  const sources = globSync(['services/*/src/**/*.ts', 'packages/*/src/**/*.ts', 'gateway/src/**/*.ts'], { cwd: root });
  return sources.filter((file) => /new (Counter|Gauge|Histogram|Summary)\(/.test(read(file))).sort();
}

function makesSpans(file: string): boolean {
  return /racer\.start(Active)?Span\(/.test(read(file));
}

function toLine(name: string, type: string, labels: readonly string[]): MetricLine {
  return `${name} ${type} ${labels.toSorted().join(',')}`.trimEnd();
}

/** The cells of the rows of a chapter's tables that begin with a name in code. */
function rowsOf(chapter: string): string[][] {
  const [, text = ''] = read('docs/telemetry.md').split(new RegExp(`^## ${chapter}$`, 'm'));
  const lines = (text.split(/^## /m)[0] ?? '').split('\n').filter((line) => /^\| (`|…)/.test(line));
  return lines.map((line) =>
    line
      .slice(1, line.lastIndexOf('|'))
      .split('|')
      .map((cell) => cell.trim()),
  );
}

function namesIn(text: string): string[] {
  return [...text.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? '');
}

function read(file: string): string {
  return readFileSync(join(root, file), 'utf8');
}
