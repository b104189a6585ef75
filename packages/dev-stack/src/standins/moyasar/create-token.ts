import { randomBytes } from 'node:crypto';
import type { Context } from './context.ts';
import { maskCardNumber } from './domain/cards.ts';
import type { Card } from './domain/parse-card.ts';
import type { CardOutcome } from './types.ts';

/** Saves a card and returns the token's id. The number itself is not kept. */
export function createToken(ctx: Context, card: Card, outcome: CardOutcome): string {
  const id = `token_${randomBytes(15).toString('base64url')}`;
  const now = ctx.options.now().toISOString();
  ctx.books.tokens.put({
    id,
    outcome,
    maskedNumber: maskCardNumber(card.number),
    token: {
      id,
      status: 'active',
      brand: outcome.company,
      funding: outcome.company === 'mada' ? 'debit' : 'credit',
      country: 'SA',
      month: card.month,
      year: card.year,
      name: card.name,
      last_four: card.number.slice(-4),
      verification_url: null,
      message: null,
      metadata: null,
      created_at: now,
      updated_at: now,
      expires_at: new Date(Date.UTC(Number(card.year), Number(card.month), 1)).toISOString(),
    },
  });
  return id;
}
