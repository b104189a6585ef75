export { type ForgedTokens, forgeTokens, startTrap, type Trap } from './forge-tokens.ts';
export { createTestClock, type TestClock } from './test-clock.ts';
export { createTestContext } from './test-context.ts';
export { startTestIssuer, type TestIssuer, type TestTokenClaims } from './test-issuer.ts';
export {
  createTestTransport,
  headersOf,
  silentLogger,
  type TestTransportOptions,
  testToken,
} from './test-transport.ts';
export { type WaitOptions, waitFor } from './wait-for.ts';
