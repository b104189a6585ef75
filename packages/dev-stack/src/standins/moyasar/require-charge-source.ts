import { type Fields, toText } from '../shared/parse-fields.ts';
import type { Context } from './context.ts';
import { createToken } from './create-token.ts';
import { findCardOutcome, maskCardNumber } from './domain/cards.ts';
import { parseCard } from './domain/parse-card.ts';
import { errors } from './errors.ts';
import type { PendingCharge } from './types.ts';

export interface ChargeSource {
  readonly isRawCard: boolean;
  readonly threeDSecure: boolean;
  readonly cardName: string;
  readonly maskedNumber: string;
  readonly charge: Omit<PendingCharge, 'id'>;
}

/** Reads `source`: a card (3-D Secure unless switched off) or a saved token (no 3-D Secure unless asked for). */
export function requireChargeSource(ctx: Context, source: Fields): ChargeSource {
  if (source.type === 'creditcard') return requireCard(ctx, source);
  if (source.type === 'token') return requireToken(ctx, source);
  throw errors.invalid({ source: ['type is not supported'] });
}

function requireCard(ctx: Context, source: Fields): ChargeSource {
  const parsed = parseCard(source, ctx.options.now());
  if ('problems' in parsed) throw errors.invalid(parsed.problems);
  const threeDSecure = !isFalse(source['3ds']);
  const isSaved = isTrue(source.save_card);
  if (isSaved && !threeDSecure) throw errors.invalid({ save_card: ['needs 3ds'] });
  const outcome = findCardOutcome(parsed.card.number);
  return {
    isRawCard: true,
    threeDSecure,
    cardName: parsed.card.name,
    maskedNumber: maskCardNumber(parsed.card.number),
    charge: {
      outcome,
      manual: isTrue(source.manual),
      cardToken: isSaved ? createToken(ctx, parsed.card, outcome) : null,
    },
  };
}

function requireToken(ctx: Context, source: Fields): ChargeSource {
  const stored = ctx.books.tokens.get(toText(source.token) ?? '');
  if (stored === undefined || stored.token.status !== 'active') throw errors.invalid({ token: ['is not active'] });
  return {
    isRawCard: false,
    threeDSecure: isTrue(source['3ds']),
    cardName: stored.token.name,
    maskedNumber: stored.maskedNumber,
    charge: { outcome: stored.outcome, manual: isTrue(source.manual), cardToken: stored.id },
  };
}

function isTrue(value: unknown): boolean {
  return value === true || value === 'true';
}

function isFalse(value: unknown): boolean {
  return value === false || value === 'false';
}
