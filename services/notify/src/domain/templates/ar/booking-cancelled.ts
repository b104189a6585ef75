// The word for "refunded" is kept for the text that says the money is back.
export const bookingCancelled =
  'تم إلغاء حجزك في {salon} يوم {start, date, day} الساعة {start, time, clock} ' +
  '{by, select, customer {بناءً على طلبك} salon {من قِبل الصالون} other {من قِبل إدارة موعد}}.' +
  '{refund, select, due { سيُعاد إليك مبلغ {amount}.} kept { المبلغ المدفوع لا يُعاد وفق سياسة الإلغاء.} other {}}';
