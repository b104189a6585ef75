// npm test: the checks, then every test; the last line is "N passed, N failed".
// With arguments they go to Jest and only it runs: `npm test -- services/booking`.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runChecks } from './check.ts';
import { root } from './tools.ts';

interface Count {
  readonly passed: number;
  readonly failed: number;
}

interface JestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numRuntimeErrorTestSuites: number;
}

// e2e boots the whole system, which needs both cores of a small machine for itself.
const runs: readonly (readonly string[])[] = [
  ['--selectProjects', 'unit', 'service', '--maxWorkers=2'],
  ['--selectProjects', 'e2e', '--runInBand'],
];

const extra = process.argv.slice(2);
const counts: Count[] = extra.length > 0 ? [runJest(extra)] : [await runChecks(), ...runs.map(runJest)];
const passed = counts.reduce((sum, count) => sum + count.passed, 0);
const failed = counts.reduce((sum, count) => sum + count.failed, 0);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
console.log(`${passed} passed, ${failed} failed`);

function runJest(args: readonly string[]): Count {
  const folder = mkdtempSync(join(tmpdir(), 'mawid-jest-'));
  const report = join(folder, 'report.json');
  const jest = [
    '--experimental-vm-modules',
    '--disable-warning=ExperimentalWarning',
    'node_modules/jest/bin/jest.js',
    '--json',
    `--outputFile=${report}`,
    ...args,
  ];
  // Jest prints its JSON to stdout as well; only what it says to people (stderr) is shown.
  const { status } = spawnSync(process.execPath, jest, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
  const count = readReport(report, status);
  rmSync(folder, { recursive: true, force: true });
  return count;
}

function readReport(path: string, status: number | null): Count {
  try {
    const report = JSON.parse(readFileSync(path, 'utf8')) as JestReport;
    const failedTests = report.numFailedTests + report.numRuntimeErrorTestSuites;
    // Jest can fail without a failed test (an open handle, a crashed worker): that counts too.
    return { passed: report.numPassedTests, failed: status === 0 ? failedTests : Math.max(1, failedTests) };
  } catch {
    return { passed: 0, failed: 1 };
  }
}
