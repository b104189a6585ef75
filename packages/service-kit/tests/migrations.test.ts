import { readFileSync } from 'node:fs';
import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestInfrastructure, type TestInfrastructure } from '@mawid/dev-stack';
import { applyMigrations, kitMigrationSql, serviceNames } from '@mawid/service-kit';
import { createMigrationsFolder } from './support/kit.ts';

const both = ['20261122000000_kit', '20261122000001_effects'];

describe('applyMigrations', () => {
  let infrastructure: TestInfrastructure;
  beforeAll(async () => {
    infrastructure = await startTestInfrastructure();
  });
  afterAll(() => infrastructure.close());

  it('lets one of several processes work and the others find nothing to do', async () => {
    const databaseUrl = await infrastructure.databaseUrl();
    const folder = await createMigrationsFolder();
    const results = await Promise.all([1, 2, 3].map(() => applyMigrations({ databaseUrl, folder })));
    expect(results.flat()).toEqual(both);
    expect(await applyMigrations({ databaseUrl, folder })).toEqual([]);
  });

  it('applies only what is new', async () => {
    const databaseUrl = await infrastructure.databaseUrl();
    await applyMigrations({ databaseUrl, folder: await createMigrationsFolder() });
    const folder = await createMigrationsFolder({ '20261123000000_more': 'ALTER TABLE effects ADD COLUMN note text;' });
    expect(await applyMigrations({ databaseUrl, folder })).toEqual(['20261123000000_more']);
  });

  it('refuses a migration that was edited after it was applied', async () => {
    const databaseUrl = await infrastructure.databaseUrl();
    const folder = await createMigrationsFolder();
    await applyMigrations({ databaseUrl, folder });
    await appendFile(join(folder, both[0] ?? '', 'migration.sql'), '-- afterthought\n');
    await expect(applyMigrations({ databaseUrl, folder })).rejects.toThrow(
      '20261122000000_kit was edited after it was applied',
    );
  });

  it('takes semicolons in comments and in function bodies', async () => {
    const databaseUrl = await infrastructure.databaseUrl();
    const body = 'BEGIN PERFORM 1; PERFORM 2; END';
    const script = `-- one thing; another\nCREATE FUNCTION nothing() RETURNS void LANGUAGE plpgsql AS $$ ${body} $$;`;
    const folder = await createMigrationsFolder({ '20261123000000_function': script });
    expect(await applyMigrations({ databaseUrl, folder })).toContain('20261123000000_function');
  });

  it('says in one line which migration failed and why', async () => {
    const databaseUrl = await infrastructure.databaseUrl();
    const folder = await createMigrationsFolder({ '20261123000000_broken': 'CREATE TABLE effects (id int);' });
    const failure = await applyMigrations({ databaseUrl, folder }).catch((error: Error) => error.message);
    expect(failure).toBe('migration 20261123000000_broken failed: relation "effects" already exists');
  });
});

describe('the kit migration', () => {
  it.each(serviceNames)('is the first migration of %s', (service) => {
    const path = `../../../services/${service}/prisma/migrations/20261122000000_kit/migration.sql`;
    expect(readFileSync(join(import.meta.dirname, path), 'utf8')).toBe(kitMigrationSql);
  });
});
