export type { MessagesStandinOptions } from './config.ts';
export { type MessagesStandin, startMessagesStandin } from './start-messages-standin.ts';
export type { Channel, LogEntry, Message, Provider } from './types.ts';
