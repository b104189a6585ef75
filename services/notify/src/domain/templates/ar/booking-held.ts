export const bookingHeld =
  'حجزك في {salon} يوم {start, date, day} الساعة {start, time, clock} بانتظار الدفع. ' +
  'ادفع {amount} قبل الساعة {before, time, clock} للاحتفاظ بموعدك.';
