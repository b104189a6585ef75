import { describe, expect, it } from '@jest/globals';
import { countParts } from './count-parts.ts';
import type { Language, TextFacts } from './facts.ts';
import { renderText } from './render-text.ts';

const appointment = {
  salonName: { ar: 'صالون الأناقة', en: 'Elegance Salon' },
  startAt: '2026-11-22T15:30:00Z',
  timeZone: 'Asia/Riyadh',
};
const money = (amount: number) => ({ amount: String(amount), currency: 'SAR' });
const held: TextFacts = {
  kind: 'booking_held',
  ...appointment,
  amountDue: money(11_500),
  payBefore: '2026-11-22T09:10:00Z',
};
const confirmed: TextFacts = { kind: 'booking_confirmed', ...appointment };
const cancelled = (by: 'customer' | 'salon' | 'operator', refund: 'due' | 'kept' | 'nothing_paid'): TextFacts => ({
  kind: 'booking_cancelled',
  ...appointment,
  by,
  refund,
  refundDue: money(refund === 'due' ? 5_750 : 0),
});
const refunded: TextFacts = { kind: 'refund_succeeded', amount: money(111_500) };

const everyText: TextFacts[] = [
  held,
  confirmed,
  ...(['customer', 'salon', 'operator'] as const).flatMap((by) =>
    (['due', 'kept', 'nothing_paid'] as const).map((refund) => cancelled(by, refund)),
  ),
  refunded,
];

describe('renderText in Arabic', () => {
  it.each<[string, TextFacts, string]>([
    [
      'held',
      held,
      'حجزك في صالون الأناقة يوم الأحد، 22 نوفمبر الساعة 6:30 م بانتظار الدفع. ادفع 115.00 ريال قبل الساعة 12:10 م للاحتفاظ بموعدك.',
    ],
    ['confirmed', confirmed, 'تم تأكيد حجزك في صالون الأناقة يوم الأحد، 22 نوفمبر الساعة 6:30 م. نراك قريبًا!'],
    [
      'cancelled by the customer, with a refund',
      cancelled('customer', 'due'),
      'تم إلغاء حجزك في صالون الأناقة يوم الأحد، 22 نوفمبر الساعة 6:30 م بناءً على طلبك. سيُعاد إليك مبلغ 57.50 ريال.',
    ],
    [
      'cancelled too late for a refund',
      cancelled('customer', 'kept'),
      'تم إلغاء حجزك في صالون الأناقة يوم الأحد، 22 نوفمبر الساعة 6:30 م بناءً على طلبك. المبلغ المدفوع لا يُعاد وفق سياسة الإلغاء.',
    ],
    [
      'cancelled by the salon, unpaid',
      cancelled('salon', 'nothing_paid'),
      'تم إلغاء حجزك في صالون الأناقة يوم الأحد، 22 نوفمبر الساعة 6:30 م من قِبل الصالون.',
    ],
    [
      'cancelled by an operator, unpaid',
      cancelled('operator', 'nothing_paid'),
      'تم إلغاء حجزك في صالون الأناقة يوم الأحد، 22 نوفمبر الساعة 6:30 م من قِبل إدارة موعد.',
    ],
    [
      'refunded',
      refunded,
      'تم استرداد مبلغ 1,115.00 ريال إلى وسيلة الدفع التي استخدمتها. قد يستغرق ظهوره في حسابك عدة أيام عمل.',
    ],
  ])('writes %s', (_, facts, expected) => {
    expect(renderText(facts, 'ar')).toBe(expected);
  });

  it('uses the word for "confirmed" in the confirmation and nowhere else', () => {
    const kinds = everyText.filter((facts) => renderText(facts, 'ar').includes('تأكيد')).map(({ kind }) => kind);
    expect(kinds).toEqual(['booking_confirmed']);
  });

  it('uses the word for "refunded" in the refund and nowhere else', () => {
    const kinds = everyText.filter((facts) => renderText(facts, 'ar').includes('استرداد')).map(({ kind }) => kind);
    expect(kinds).toEqual(['refund_succeeded']);
  });
});

describe('renderText in English', () => {
  it.each<[string, TextFacts, string]>([
    [
      'held',
      held,
      'Your time at Elegance Salon on Sunday, November 22 at 6:30 PM is held for you. Pay 115.00 SAR before 12:10 PM to keep it.',
    ],
    [
      'confirmed',
      confirmed,
      'Your booking at Elegance Salon on Sunday, November 22 at 6:30 PM is confirmed. See you soon!',
    ],
    [
      'cancelled by the customer, with a refund',
      cancelled('customer', 'due'),
      'Your booking at Elegance Salon on Sunday, November 22 at 6:30 PM was cancelled at your request. 57.50 SAR will be returned to you.',
    ],
    [
      'cancelled by the salon, unpaid',
      cancelled('salon', 'nothing_paid'),
      'Your booking at Elegance Salon on Sunday, November 22 at 6:30 PM was cancelled by the salon.',
    ],
    [
      'cancelled by an operator, too late for a refund',
      cancelled('operator', 'kept'),
      'Your booking at Elegance Salon on Sunday, November 22 at 6:30 PM was cancelled by Mawid. The amount paid is not returned, as the cancellation policy says.',
    ],
    [
      'refunded',
      refunded,
      '1,115.00 SAR was refunded to the payment method you used. It may take a few business days to appear.',
    ],
  ])('writes %s', (_, facts, expected) => {
    expect(renderText(facts, 'en')).toBe(expected);
  });

  it('stays in the SMS alphabet', () => {
    for (const facts of everyText) expect(renderText(facts, 'en')).toMatch(/^[\x20-\x7e]+$/);
  });
});

describe('renderText', () => {
  it('tells the salon’s time, not ours', () => {
    const facts: TextFacts = { ...appointment, kind: 'booking_confirmed', timeZone: 'Asia/Tokyo' };
    expect(renderText(facts, 'en')).toContain('Monday, November 23 at 12:30 AM');
  });

  it('takes the name in the other language where one is missing', () => {
    const facts: TextFacts = { ...appointment, kind: 'booking_confirmed', salonName: { ar: 'صالون', en: '' } };
    expect(renderText(facts, 'en')).toContain('at صالون on');
  });

  it('writes names as they are, whatever signs they have', () => {
    const facts: TextFacts = {
      ...appointment,
      kind: 'booking_confirmed',
      salonName: { ar: '', en: `Cut {n} 'n' <b>` },
    };
    expect(renderText(facts, 'en')).toContain(`at Cut {n} 'n' <b> on`);
  });

  it.each<Language>(['ar', 'en'])(
    'keeps every text within three SMS, however long the salon’s name (%s)',
    (language) => {
      const salonName = { ar: 'صالون الأناقة والجمال '.repeat(20), en: 'Elegance and Beauty '.repeat(20) };
      for (const facts of everyText)
        expect(countParts(renderText({ ...facts, salonName } as TextFacts, language))).toBeLessThanOrEqual(3);
    },
  );
});
