// The only text with the word for "confirmed": people search their messages for it.
export const bookingConfirmed =
  'تم تأكيد حجزك في {salon} يوم {start, date, day} الساعة {start, time, clock}. نراك قريبًا!';
