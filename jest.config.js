// Three projects by what a test needs: nothing (unit), PostgreSQL or NATS or sockets (service), the whole system (e2e).
const shared = {
  rootDir: import.meta.dirname,
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: { parser: { syntax: 'typescript' }, target: 'es2024' },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
  modulePathIgnorePatterns: ['<rootDir>/.mawid/', '<rootDir>/.cache/', '<rootDir>/tools/'],
};

export default {
  // Jest reads this at the top only.
  testTimeout: 120_000,
  projects: [
    {
      ...shared,
      displayName: 'unit',
      testMatch: ['<rootDir>/{packages,services,gateway}/**/src/**/*.test.ts', '<rootDir>/scripts/**/*.test.ts'],
    },
    {
      ...shared,
      displayName: 'service',
      // One PostgreSQL for all test files of a run.
      globalSetup: '<rootDir>/packages/dev-stack/src/testing/jest-global-setup.ts',
      globalTeardown: '<rootDir>/packages/dev-stack/src/testing/jest-global-teardown.ts',
      testMatch: ['<rootDir>/{packages,services}/*/tests/**/*.test.ts', '<rootDir>/gateway/tests/**/*.test.ts'],
    },
    { ...shared, displayName: 'e2e', testMatch: ['<rootDir>/tests/**/*.test.ts'] },
  ],
};
