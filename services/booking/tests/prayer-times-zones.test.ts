import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { listPrayerTimes } from '../src/domain/prayer-times.ts';

const riyadh = { latitude: 24.7136, longitude: 46.6753 };

describe('listPrayerTimes', () => {
  it('is the same whatever the zone of the process', async () => {
    const file = new URL('../src/domain/prayer-times.ts', import.meta.url).href;
    const script = `const { listPrayerTimes } = await import(${JSON.stringify(file)});
      console.log(JSON.stringify([...listPrayerTimes(${JSON.stringify(riyadh)}, '2026-02-18')]));`;
    for (const TZ of ['America/Los_Angeles', 'Pacific/Kiritimati', 'Asia/Riyadh']) {
      const args = ['--input-type=module', '--eval', script];
      const { stdout } = await promisify(execFile)(process.execPath, args, {
        env: { ...process.env, TZ, NODE_OPTIONS: '' },
      });
      expect(JSON.parse(stdout)).toEqual([...listPrayerTimes(riyadh, '2026-02-18')]);
    }
  }, 60_000);
});
