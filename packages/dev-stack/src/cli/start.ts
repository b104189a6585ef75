import { toReadableLine } from '../processes/log-line.ts';
import type { Stack } from '../stack/stack.ts';
import { startStack } from '../stack/start-stack.ts';
import { parseStartArguments, type StartArguments, startUsage } from './arguments.ts';
import { toWelcome } from './welcome.ts';

await main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});

async function main(): Promise<void> {
  const args = parseStartArguments(process.argv.slice(2));
  if (args.help) return console.log(startUsage);
  const stop = waitForStop();
  const stack = await Promise.race([start(args), stop]);
  // Asked to stop while booting: what was started ends with this process.
  if (!stack) process.exit(130);
  watchProcesses(stack);
  await stop;
  say(args, 'stopping …');
  await stack.close();
}

async function start(args: StartArguments): Promise<Stack> {
  const begun = performance.now();
  say(args, 'starting …');
  let started = false;
  const stack = await startStack({
    ...args,
    // A failed start says why in one line; everything else is in the log files.
    onLine: (program, line) => started && console.error(toReadableLine(program, line)),
  });
  started = true;
  if (args.ports === 'auto') console.log(JSON.stringify(stack.ports));
  say(args, toWelcome(stack, (performance.now() - begun) / 1000));
  return stack;
}

// With --ports auto, standard output is for the JSON line alone.
function say(args: StartArguments, text: string): void {
  if (args.ports === 'auto') console.error(text);
  else console.log(text);
}

function waitForStop(): Promise<undefined> {
  return new Promise((resolve) => {
    let asked = false;
    const ask = () => {
      if (asked) process.exit(130);
      asked = true;
      resolve(undefined);
    };
    process.on('SIGINT', ask);
    process.on('SIGTERM', ask);
    whenNpmIsGone(ask);
  });
}

// npm passes SIGTERM to its shell, which ends without a word to us.
function whenNpmIsGone(act: () => void): void {
  if (!process.env.npm_lifecycle_event) return;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    act();
  }, 500);
  timer.unref();
}

function watchProcesses(stack: Stack): void {
  for (const each of Object.values(stack.processes)) {
    void each.exited.then(({ code, signal }) => {
      if (signal !== 'SIGTERM' && code !== 0)
        console.error(`${each.name} ended unexpectedly (${signal ?? `code ${code}`})`);
    });
  }
}
