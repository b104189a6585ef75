import { describe, expect, it } from '@jest/globals';
import { parseStartArguments } from './arguments.ts';

describe('parseStartArguments', () => {
  it('keeps the data, on fixed ports, when nothing is said', () => {
    expect(parseStartArguments([])).toMatchObject({ fresh: false, ports: 'fixed', help: false });
  });

  it('reads every option', () => {
    const read = parseStartArguments(['--fresh', '--ports', 'auto', '--data', '/d']);
    expect(read).toEqual({ fresh: true, ports: 'auto', dataFolder: '/d', help: false });
  });

  it.each([
    [['--ports', 'some'], "--ports must be fixed or auto, not 'some'"],
    [['--data='], '--data needs a folder'],
    [['--frsh'], "Unknown option '--frsh'"],
    [['now'], "Unexpected argument 'now'"],
  ])('refuses %j', (args, message) => {
    expect(() => parseStartArguments(args)).toThrow(message);
  });
});
