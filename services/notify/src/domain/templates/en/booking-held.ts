export const bookingHeld =
  'Your time at {salon} on {start, date, day} at {start, time, clock} is held for you. ' +
  'Pay {amount} before {before, time, clock} to keep it.';
