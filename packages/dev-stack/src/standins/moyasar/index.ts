export type { MoyasarStandinOptions } from './config.ts';
export { type MoyasarStandin, startMoyasarStandin } from './start-moyasar-standin.ts';
