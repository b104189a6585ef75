import { join } from 'node:path';
import type { CertificateFiles } from '@mawid/rpc';
import { databaseNames } from '../infrastructure/databases.ts';
import { repositoryRoot } from '../paths.ts';
import type { Program } from '../processes/program.ts';
import {
  type EnvironmentInput,
  toGatewayEnvironment,
  toServiceEnvironment,
  toStandinEnvironment,
} from './environment.ts';
import type { PortName, Ports } from './ports.ts';
import type { ProgramName, StackOptions } from './stack.ts';

type Start = Pick<EnvironmentInput, 'base' | 'overrides' | 'ports' | 'dataFolder'> &
  Pick<StackOptions, 'onLine' | 'certificates'>;

/** The stand-ins for the world outside: they need nothing else to run. */
export function toStandinPrograms(start: Start): Program[] {
  const env = toStandinEnvironment(start);
  const folder = join(repositoryRoot, 'packages/dev-stack/src/standins');
  return [
    toProgram(start, 'moyasar', join(folder, 'moyasar/main.ts'), env),
    toProgram(start, 'messages', join(folder, 'messages/main.ts'), env),
  ];
}

/** The four services and the gateway; they may start in any order. */
export function toServicePrograms(start: Start & EnvironmentInput): Program[] {
  const services = databaseNames.map((name) =>
    toProgram(start, name, join(repositoryRoot, `services/${name}/src/main.ts`), toServiceEnvironment(name, start)),
  );
  const gateway = join(repositoryRoot, 'gateway/src/main.ts');
  return [...services, toProgram(start, 'gateway', gateway, toGatewayEnvironment(start))];
}

function toProgram(start: Start, name: ProgramName, file: string, env: NodeJS.ProcessEnv): Program {
  const { onLine } = start;
  return {
    name,
    file,
    env: { ...env, ...toCertificateSettings(start.certificates?.[name]) },
    readyUrl: `http://127.0.0.1:${toHttpPort(start.ports, name)}/readyz`,
    logFile: join(start.dataFolder, 'logs', `${name}.log`),
    ...(onLine ? { onLine: (line: string) => onLine(name, line) } : {}),
  };
}

function toCertificateSettings(files: CertificateFiles | undefined): NodeJS.ProcessEnv {
  return files ? { TLS_CERT_FILE: files.certFile, TLS_KEY_FILE: files.keyFile, TLS_CA_FILE: files.caFile } : {};
}

function toHttpPort(ports: Ports, name: ProgramName): number {
  const isOutside = name === 'gateway' || name === 'moyasar' || name === 'messages';
  const port: PortName = isOutside ? name : `${name}Http`;
  return ports[port];
}
