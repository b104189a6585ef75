import { runMain } from '@mawid/service-kit';
import { bookingService } from './service.ts';

await runMain(bookingService);
