import { describe, expect, it } from '@jest/globals';
import { coreSettings, toCoreConfig } from './core-config.ts';
import { ConfigError, loadSettings } from './load-settings.ts';
import { setting } from './setting.ts';

function problemsOf(run: () => unknown): readonly string[] {
  try {
    run();
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe('loadSettings', () => {
  it('names every wrong setting in one error, without the values', () => {
    const shape = { PORT: setting.port(), URL: setting.url(), KEY: setting.secret(), FLAG: setting.boolean(false) };
    const env = { PORT: '70000', URL: 'hunter2-secret', FLAG: 'perhaps' };
    const problems = problemsOf(() => loadSettings(shape, env));
    expect(problems).toEqual([
      'PORT must be a port (0 to 65535)',
      'URL must be an http(s) URL',
      'KEY is not set',
      'FLAG must be true or false',
    ]);
    expect(problems.join()).not.toContain('hunter2');
  });

  it('takes an empty variable as unset', () => {
    expect(loadSettings({ A: setting.integer(3), B: setting.text().optional() }, { A: ' ', B: '' })).toEqual({ A: 3 });
  });

  it('refuses a development default in production', () => {
    const shape = { KEY: setting.secret('development') };
    expect(loadSettings(shape, {})).toEqual({ KEY: 'development' });
    expect(problemsOf(() => loadSettings(shape, { NODE_ENV: 'production' }))).toEqual([
      'KEY must be set in production',
    ]);
    expect(problemsOf(() => loadSettings(shape, { NODE_ENV: 'production', KEY: 'development' }))).toEqual([
      'KEY must not have its development default in production',
    ]);
  });

  it('takes 32 bytes in base64url for a key, and nothing else', () => {
    const shape = { KEY: setting.secretBytes() };
    const key = Buffer.alloc(32, 7);
    expect(loadSettings(shape, { KEY: key.toString('base64url') }).KEY).toEqual(key);
    const problem = ['KEY must be 32 bytes in base64url'];
    for (const wrong of [Buffer.alloc(31), Buffer.alloc(33)])
      expect(problemsOf(() => loadSettings(shape, { KEY: wrong.toString('base64url') }))).toEqual(problem);
    expect(problemsOf(() => loadSettings(shape, { KEY: `${'a'.repeat(42)}=` }))).toEqual(problem);
  });

  it('reads lists, choices and networks', () => {
    const shape = { L: setting.list([]), C: setting.oneOf(['a', 'b'], 'a'), N: setting.networks('10.0.0.0/8') };
    const settings = loadSettings(shape, { L: 'x, y,', C: 'b' });
    expect([settings.L, settings.C]).toEqual([['x', 'y'], 'b']);
    expect(['10.1.2.3', '::ffff:10.1.2.3', '11.0.0.1', 'junk'].map(settings.N.includes)).toEqual([
      true,
      true,
      false,
      false,
    ]);
    expect(problemsOf(() => loadSettings(shape, { C: 'c', N: '10.0.0.0/40' }))).toHaveLength(2);
  });

  it('gives a service its ports and addresses', () => {
    const config = toCoreConfig('booking', loadSettings(coreSettings('booking'), { BOOKING_GRPC_PORT: '0' }));
    expect(config).toMatchObject({ name: 'booking', grpcPort: 0, httpPort: 8082, natsUrl: 'nats://127.0.0.1:42229' });
  });
});
