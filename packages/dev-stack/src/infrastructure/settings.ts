/** Where PostgreSQL and NATS come from, read from the environment. */
export interface InfrastructureSettings {
  /** An administrator's URL; nothing is started then. */
  postgresUrl?: string;
  /** Nothing is started then. */
  natsUrl?: string;
  source: 'embedded' | 'testcontainers';
  searchPath: string;
}

/** Reads MAWID_POSTGRES_URL, NATS_URL, MAWID_INFRASTRUCTURE and PATH; an empty value counts as absent. */
export function toInfrastructureSettings(env: NodeJS.ProcessEnv): InfrastructureSettings {
  return {
    ...(env.MAWID_POSTGRES_URL ? { postgresUrl: env.MAWID_POSTGRES_URL } : {}),
    ...(env.NATS_URL ? { natsUrl: env.NATS_URL } : {}),
    source: env.MAWID_INFRASTRUCTURE === 'testcontainers' ? 'testcontainers' : 'embedded',
    searchPath: env.PATH ?? '',
  };
}
