import type { CardCompany, CardOutcome } from '../types.ts';

const approved = { status: 'paid', responseCode: '00', message: 'Succeeded! (Test Environment)' } as const;

function declined(responseCode: string, reason: string) {
  return { status: 'failed', responseCode, message: `${reason} (Test Environment)` } as const;
}

const unspecified = declined('99', 'UNSPECIFIED FAILURE');
const insufficient = declined('51', 'INSUFFICIENT FUNDS');

/** The provider's published test cards. */
const testCards: Readonly<Record<string, Omit<CardOutcome, 'company'>>> = {
  '4201320111111010': approved,
  '4201320000013020': unspecified,
  '4201320000311101': insufficient,
  '4201320131000508': declined('41', 'LOST CARD'),
  '4201321234411220': declined('05', 'DECLINED'),
  '4201322267774310': declined('54', 'EXPIRED CARD'),
  '4201326324640570': declined('61', 'EXCEEDS WITHDRAWAL LIMIT'),
  '4201321144311528': declined('43', 'STOLEN CARD'),
  '4111111111111111': approved,
  '4123120000000000': unspecified,
  '4123120001090000': insufficient,
  '4123450131000508': declined('99', 'CARD NOT ENROLLED IN 3-D SECURE'),
  '4123120001090109': declined('05', 'DECLINED'),
  '5421080101000000': approved,
  '5105105105105100': unspecified,
  '5457210001000092': insufficient,
};

/** What happens when this card is charged. A card that is not in the list fails. */
export function findCardOutcome(number: string): CardOutcome {
  const listed = testCards[number] ?? declined('14', 'INVALID CARD NUMBER');
  return { ...listed, company: toCompany(number) };
}

function toCompany(number: string): CardCompany {
  if (number.startsWith('42013')) return 'mada';
  if (/^3[47]/.test(number)) return 'amex';
  return number.startsWith('4') ? 'visa' : 'master';
}

/** `4201-32XX-XXXX-1010`: all that is kept of a card number. */
export function maskCardNumber(number: string): string {
  const shown = `${number.slice(0, 6)}${'X'.repeat(Math.max(0, number.length - 10))}${number.slice(-4)}`;
  return shown.replace(/(.{4})(?=.)/g, '$1-');
}
