export { createDatabases, type DatabaseName, databaseNames } from './infrastructure/databases.ts';
export {
  type Infrastructure,
  type InfrastructureOptions,
  startInfrastructure,
} from './infrastructure/infrastructure.ts';
export { InfrastructureError } from './infrastructure/infrastructure-error.ts';
export { toInfrastructureSettings } from './infrastructure/settings.ts';
export {
  type Answer,
  assertStatus,
  type CallOptions,
  type Customer,
  createCustomer,
  type PhoneMessage,
  waitFor,
} from './journey/customer.ts';
export {
  findSalon,
  findService,
  listSlots,
  type RestBooking,
  type RestMoney,
  type RestPayment,
  type RestSalon,
  type RestService,
  type RestSlot,
} from './journey/find-slot.ts';
export { payOnPage, testCards } from './journey/pay-on-page.ts';
export { PortInUseError } from './processes/port-in-use-error.ts';
export type { Exit, ManagedProcess } from './processes/program.ts';
export { StartError } from './processes/start-error.ts';
export { accounts } from './seed/accounts.ts';
export { createRestClient, type RestClient, RestError } from './seed/rest-client.ts';
export { signIn } from './seed/sign-in.ts';
export type { Ports } from './stack/ports.ts';
export type { ProgramName, Stack, StackOptions } from './stack/stack.ts';
export { startStack } from './stack/start-stack.ts';
export { startTestInfrastructure, type TestInfrastructure } from './testing/test-infrastructure.ts';
export { createTestNats, type TestNats } from './testing/test-nats.ts';
export { wideCodeBudgets, wideLimits } from './testing/wide-limits.ts';
