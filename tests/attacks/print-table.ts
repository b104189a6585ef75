import { type AttackResult, tellRefusals } from './attack.ts';

const columns = [
  'attack',
  'asked for',
  'sent',
  'guessed',
  'compared',
  'puzzles',
  'riyals',
  'refused',
  'limits per code and address alone',
];

/** The results as a table in Markdown, as docs/identity.md shows them. */
export function toTable(results: readonly AttackResult[]): string {
  const rows = results.map(toRow);
  return [columns, columns.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function toRow(result: AttackResult): string[] {
  const { name, requests, guesses, solved, damage, elsewhere } = result;
  const numbers = [requests.total, damage.sent, guesses.total, damage.guesses, solved];
  return [name, ...numbers.map(toText), (damage.halalas / 100).toFixed(2), tellRefusals(result), elsewhere];
}

const toText = (count: number): string => count.toLocaleString('en');
