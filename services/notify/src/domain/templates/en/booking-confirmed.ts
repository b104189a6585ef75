export const bookingConfirmed =
  'Your booking at {salon} on {start, date, day} at {start, time, clock} is confirmed. See you soon!';
