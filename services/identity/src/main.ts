import { runMain } from '@mawid/service-kit';
import { identityService } from './service.ts';

await runMain(identityService);
