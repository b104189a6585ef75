// The objects of the API as they look on the wire, so `null` where the API says null.

export type PaymentStatus =
  | 'initiated'
  | 'paid'
  | 'failed'
  | 'authorized'
  | 'captured'
  | 'refunded'
  | 'voided'
  | 'verified';
export type InvoiceStatus =
  | 'initiated'
  | 'paid'
  | 'failed'
  | 'refunded'
  | 'canceled'
  | 'on_hold'
  | 'expired'
  | 'voided';
export type CardCompany = 'mada' | 'visa' | 'master' | 'amex';
export type Metadata = Record<string, string>;

export interface CardSource {
  readonly type: 'creditcard';
  readonly company: CardCompany;
  readonly name: string;
  readonly number: string;
  readonly gateway_id: string;
  readonly reference_number: string | null;
  readonly token: string | null;
  readonly message: string | null;
  readonly transaction_url: string | null;
  readonly response_code: string | null;
  readonly authorization_code: string | null;
  readonly issuer_name: string;
  readonly issuer_country: string;
  readonly issuer_card_type: string;
  readonly issuer_card_category: string;
}

export interface Payment {
  readonly id: string;
  readonly status: PaymentStatus;
  readonly amount: number;
  readonly fee: number;
  readonly currency: string;
  readonly refunded: number;
  readonly refunded_at: string | null;
  readonly captured: number;
  readonly captured_at: string | null;
  readonly voided_at: string | null;
  readonly description: string | null;
  readonly amount_format: string;
  readonly fee_format: string;
  readonly refunded_format: string;
  readonly captured_format: string;
  readonly invoice_id: string | null;
  readonly ip: string | null;
  readonly callback_url: string | null;
  readonly created_at: string;
  readonly updated_at: string;
  readonly metadata: Metadata | null;
  readonly source: CardSource;
}

/** Kept without `payments`, `payment_id` and the lapse of time, which are worked out when it is shown. */
export interface StoredInvoice {
  readonly id: string;
  readonly status: InvoiceStatus;
  readonly amount: number;
  readonly currency: string;
  readonly description: string;
  readonly logo_url: string | null;
  readonly amount_format: string;
  readonly url: string;
  readonly callback_url: string | null;
  readonly success_url: string | null;
  readonly back_url: string | null;
  readonly expired_at: string | null;
  readonly paid_at: string | null;
  readonly created_at: string;
  readonly updated_at: string;
  readonly metadata: Metadata | null;
}

export interface Invoice extends StoredInvoice {
  readonly payment_id: string | null;
  readonly payments: Payment[];
}

/** What the bank will say to a charge once the payer has passed 3-D Secure; never shown by the API. */
export interface PendingCharge {
  readonly id: string;
  readonly outcome: CardOutcome;
  readonly manual: boolean;
  readonly cardToken: string | null;
}

export interface CardOutcome {
  readonly status: 'paid' | 'failed';
  readonly company: CardCompany;
  readonly responseCode: string;
  readonly message: string;
}

export interface CardToken {
  readonly id: string;
  readonly status: 'active' | 'inactive';
  readonly brand: CardCompany;
  readonly funding: 'debit' | 'credit';
  readonly country: string;
  readonly month: string;
  readonly year: string;
  readonly name: string;
  readonly last_four: string;
  readonly verification_url: null;
  readonly message: null;
  readonly metadata: Metadata | null;
  readonly created_at: string;
  readonly updated_at: string;
  readonly expires_at: string;
}

/** A token with what its card would do when charged. */
export interface StoredToken {
  readonly id: string;
  readonly token: CardToken;
  readonly outcome: CardOutcome;
  readonly maskedNumber: string;
}

export interface Refund {
  readonly id: string;
  readonly payment_id: string;
  readonly amount: number;
  readonly currency: string;
  readonly created_at: string;
}

export interface Webhook {
  readonly id: string;
  readonly http_method: 'post' | 'put' | 'patch';
  readonly url: string;
  readonly events: readonly string[];
  readonly created_at: string;
}

export interface StoredWebhook {
  readonly id: string;
  readonly webhook: Webhook;
  readonly sharedSecret: string;
}

export interface WebhookEvent {
  readonly id: string;
  readonly type: string;
  readonly created_at: string;
  readonly secret_token: string;
  readonly account_name: string;
  readonly live: boolean;
  readonly data: Payment;
}

export interface Delivery {
  readonly id: string;
  readonly webhook_id: string;
  readonly event: WebhookEvent;
  readonly state: 'pending' | 'delivered' | 'dropped';
  /** The number of the next attempt, 0 for the first. */
  readonly retry_number: number;
  readonly due_at: string;
}

export interface WebhookAttempt {
  readonly id: string;
  readonly webhook_id: string;
  readonly event_id: string;
  readonly event_type: string;
  readonly retry_number: number;
  readonly result: 'success' | 'failed';
  readonly message: string;
  readonly response_code: number | null;
  readonly response_headers: Record<string, string>;
  readonly response_body: string | null;
  readonly created_at: string;
}
