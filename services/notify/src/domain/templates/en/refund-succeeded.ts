export const refundSucceeded =
  '{amount} was refunded to the payment method you used. It may take a few business days to appear.';
