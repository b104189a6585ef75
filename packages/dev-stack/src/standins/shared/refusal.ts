import type { Reply } from './http-types.ts';

/** Thrown by a handler to answer at once; the provider's exact error shape is inside `reply`. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly reply: Reply;

  constructor(reply: Reply) {
    super(`refused with ${reply.status}`);
    this.reply = reply;
  }
}
