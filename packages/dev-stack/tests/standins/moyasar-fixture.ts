import {
  type MoyasarStandin,
  type MoyasarStandinOptions,
  startMoyasarStandin,
} from '../../src/standins/moyasar/index.ts';
import { type Answer, callJson, postForm } from './call.ts';

export const approvedCard = '4201320111111010';
export const insufficientCard = '4201320000311101';

export interface MoyasarFixture {
  readonly standin: MoyasarStandin;
  api(method: string, path: string, body?: unknown, key?: string): Promise<Answer>;
  control(fault: unknown): Promise<Answer>;
  /** Fills in and sends the hosted page's form. */
  pay(invoiceUrl: string, number?: string, more?: Record<string, string>): Promise<Answer>;
  books(): Promise<Answer['json']>;
}

export async function startMoyasarFixture(options: Partial<MoyasarStandinOptions> = {}): Promise<MoyasarFixture> {
  const standin = await startMoyasarStandin(options);
  return {
    standin,
    api: (method, path, body, key = 'sk_test_mawid') =>
      callJson(method, `${standin.apiUrl}${path}`, body, { authorization: `Basic ${btoa(`${key}:`)}` }),
    control: (fault) => callJson('POST', `${standin.url}/_control`, fault),
    pay: (invoiceUrl, number = approvedCard, more = {}) =>
      postForm(invoiceUrl, { name: 'Sara Ali', number, month: '09', year: '2035', cvc: '123', ...more }),
    books: async () => (await callJson('GET', `${standin.url}/_control/books`)).json,
  };
}

export function cardPayment(more: Record<string, unknown> = {}, source: Record<string, unknown> = {}) {
  return {
    amount: 23_000,
    currency: 'SAR',
    description: 'Haircut',
    callback_url: 'https://mawid.test/return',
    source: {
      type: 'creditcard',
      name: 'Sara Ali',
      number: approvedCard,
      month: 9,
      year: 2035,
      cvc: '123',
      '3ds': false,
      ...source,
    },
    ...more,
  };
}

export function newInvoice(more: Record<string, unknown> = {}) {
  return {
    amount: 23_000,
    currency: 'SAR',
    description: 'قص شعر وتصفيف',
    success_url: 'https://mawid.test/paid',
    back_url: 'https://mawid.test/back',
    metadata: { booking_id: 'b-1' },
    ...more,
  };
}
