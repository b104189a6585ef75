/** Settings of identity for load that comes from one address and asks for neighbouring numbers, as tests and benches do. */
export const wideCodeBudgets = {
  OTP_ADDRESS_SOFT_PER_MINUTE: '1000000',
  OTP_ADDRESS_PER_MINUTE: '1000000',
  OTP_ADDRESS_PER_HOUR: '1000000',
  OTP_ADDRESS_UNSOLVED_PER_MINUTE: '1000000',
  OTP_DEVICE_PER_HOUR: '1000000',
  OTP_PREFIX_SENDS: '1000000',
  REGISTRATIONS_PER_ADDRESS_HOUR: '1000000',
  // No score is as high: signs of risk are counted, and ask for nothing.
  OTP_CHALLENGE_SCORE: '101',
  OTP_DENY_SCORE: '101',
} as const;

/** The same for a whole system, with the gateway's limits. Everything is counted all the same, which is part of what a request costs. */
export const wideLimits = {
  ...wideCodeBudgets,
  OTP_DIAL_CODE_DAILY: '*:100000000',
  OTP_SMS_MONEY_PER_DAY: '2000000000',
  OTP_WHATSAPP_MONEY_PER_DAY: '2000000000',
  OTP_WRONG_PER_NETWORK_HOUR: '1000000',
  OTP_SPRAY_WRONG: '1000000',
  RATE_LIMIT_READ: 'user=1000000/1m;address=1000000/1m',
  RATE_LIMIT_WRITE: 'user=1000000/1m;address=1000000/1m',
  RATE_LIMIT_SIGN_IN: 'user=1000000/1m;address=1000000/1m',
  RATE_LIMIT_SPEND: 'user=1000000/1m;address=1000000/1m',
} as const;
