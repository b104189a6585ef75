import { runMain } from '@mawid/service-kit';
import { createFixtureService } from './fixture-service.ts';

await runMain(await createFixtureService());
