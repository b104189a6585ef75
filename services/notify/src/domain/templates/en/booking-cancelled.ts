export const bookingCancelled =
  'Your booking at {salon} on {start, date, day} at {start, time, clock} was cancelled ' +
  '{by, select, customer {at your request} salon {by the salon} other {by Mawid}}.' +
  '{refund, select, due { {amount} will be returned to you.} ' +
  'kept { The amount paid is not returned, as the cancellation policy says.} other {}}';
