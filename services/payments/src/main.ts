import { runMain } from '@mawid/service-kit';
import { paymentsService } from './service.ts';

await runMain(paymentsService);
