import type { CodeOrder, CodeProvider } from '../providers.ts';

/** Where lines for a person at a terminal go. Not the logger: its lines are kept, and hold no codes. */
export interface Output {
  write(text: string): unknown;
}

/**
 * Prints one-time codes for a developer who has no provider. The number stands there in full: who tries several accounts at
 * once must see whose code it is, and nobody else reads this output, for production refuses this provider.
 */
export function createConsole(output: Output): CodeProvider {
  return {
    name: 'console',
    async sendCode(order) {
      output.write(toLine(order));
    },
  };
}

function toLine({ phone, code, channel }: CodeOrder): string {
  return `One-time code for ${phone} (${channel}): ${code}\n`;
}
