import type { Charge } from '../domain/judge-charge.ts';

/** A payment page to be made. */
export interface InvoiceOrder {
  readonly paymentId: string;
  readonly bookingId: string;
  readonly amount: bigint;
  readonly currency: string;
  readonly description: string;
  readonly expiresAt: Date;
}

/** A payment page. */
export interface Invoice {
  readonly id: string;
  /** Our payment's id, as we gave it. */
  readonly paymentId: string | undefined;
  readonly url: string;
  readonly amount: bigint;
  readonly currency: string;
  /** Every attempt to pay, also those that failed. */
  readonly charges: readonly Charge[];
}

/** What payments needs of a provider. Every call may throw ProviderError; none is repeated inside. */
export interface PaymentProvider {
  createInvoice(order: InvoiceOrder): Promise<Invoice>;
  /** The invoice made for one of our payments; undefined when the provider has none. */
  findInvoice(paymentId: string): Promise<Invoice | undefined>;
  /** Undefined when the provider does not know it. */
  fetchInvoice(id: string): Promise<Invoice | undefined>;
  /** Undefined when the provider does not know it. */
  fetchCharge(id: string): Promise<Charge | undefined>;
  /** Gives back a part or all of a charge, and says how it stands then. Not idempotent. */
  refund(chargeId: string, amount: bigint): Promise<Charge>;
}
