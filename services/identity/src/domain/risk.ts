export type NetworkKind = 'mobile' | 'fixed' | 'business' | 'hosting' | 'vpn' | 'tor';

/** What is known of an attempt to have a code sent, before anything is decided. */
export interface RiskSignals {
  /** `known`: the phone's user has signed in on it. `signed`: the name is ours. `named`: the client's own. `none`: no name. */
  device: 'known' | 'signed' | 'named' | 'none';
  /** Its address has asked for more codes than a person does. */
  isAddressBusy: boolean;
  /** Sends to numbers that differ in their last four digits, and how many of the codes came back. */
  prefix: { sent: number; verified: number };
  /** The number is not of the country that most are. */
  isForeign: boolean;
  /** Codes of the last day that this phone got and that nobody entered. */
  unverifiedSends: number;
  /** Wrong codes from its address in the last hour. */
  wrongChecks: number;
  /** Codes are being guessed all over the system. */
  isSprayed: boolean;
  network: NetworkKind | undefined;
}

export interface RiskLimits {
  /** From this score on a puzzle has to be solved. */
  challengeScore: number;
  /** From this score on no puzzle helps. */
  denyScore: number;
}

export interface Risk {
  decision: 'allow' | 'challenge' | 'deny';
  /** 0 to 100. */
  score: number;
  reasons: readonly string[];
}

type Rule = readonly [reason: string, points: number, applies: (signals: RiskSignals) => boolean];

// One strong sign, or two middling ones, make 40: a puzzle. It takes two strong signs and more to reach 90.
const rules: readonly Rule[] = [
  ['device_unnamed', 10, ({ device }) => device === 'none'],
  ['device_unsigned', 5, ({ device }) => device === 'named'],
  ['address_busy', 50, ({ isAddressBusy }) => isAddressBusy],
  ['prefix_rarely_verified', 30, ({ prefix }) => prefix.sent >= 10 && prefix.verified < prefix.sent * 0.3],
  ['number_foreign', 10, ({ isForeign }) => isForeign],
  ['phone_never_verifies', 20, ({ unverifiedSends }) => unverifiedSends >= 4],
  ['address_guesses', 20, ({ wrongChecks }) => wrongChecks >= 10 && wrongChecks < 25],
  ['address_guesses_much', 40, ({ wrongChecks }) => wrongChecks >= 25],
  ['system_sprayed', 40, ({ isSprayed }) => isSprayed],
  ['network_hosting', 30, ({ network }) => network === 'hosting' || network === 'vpn'],
  ['network_tor', 60, ({ network }) => network === 'tor'],
];

/** How likely it is that no person stands behind the attempt, and what follows. Nothing is held against a known device. */
export function assessRisk(signals: RiskSignals, { challengeScore, denyScore }: RiskLimits): Risk {
  if (signals.device === 'known') return { decision: 'allow', score: 0, reasons: ['device_known'] };
  const applying = rules.filter(([, , applies]) => applies(signals));
  const score = Math.min(
    100,
    applying.reduce((total, [, points]) => total + points, 0),
  );
  const decision = score >= denyScore ? 'deny' : score >= challengeScore ? 'challenge' : 'allow';
  return { decision, score, reasons: applying.map(([reason]) => reason) };
}
