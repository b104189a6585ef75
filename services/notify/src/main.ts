import { runMain } from '@mawid/service-kit';
import { notifyService } from './service.ts';

await runMain(notifyService);
