import type { PaymentState } from '../domain/payment-state.ts';

// Named as Prisma's models name them, so that rows of both ways are one shape.

export interface PaymentRow {
  id: string;
  bookingId: string;
  customerId: string;
  salonId: string;
  state: PaymentState;
  currency: string;
  amount: bigint;
  captured: bigint;
  reserved: bigint;
  refunded: bigint;
  description: string;
  expiresAt: Date;
  providerInvoiceId: string | null;
  providerPaymentId: string | null;
  paymentUrl: string | null;
  failureReason: string | null;
  capturedAt: Date | null;
  attention: string | null;
  invoiceCalls: number;
  invoiceCalledAt: Date | null;
  checks: number;
  leaseId: string | null;
  traceparent: string | null;
  version: bigint;
  createdAt: Date;
  updatedAt: Date;
}

export interface RefundRow {
  id: string;
  paymentId: string;
  amount: bigint;
  state: 'pending' | 'succeeded' | 'failed';
  reason: string;
  sentAt: Date | null;
  attempts: number;
  traceparent: string | null;
  createdAt: Date;
}

export interface WebhookEventRow {
  id: string;
  type: string;
  subjectId: string;
  attempts: number;
  traceparent: string | null;
}

export const paymentColumns = toColumns('payments', [
  ...['id', 'booking_id', 'customer_id', 'salon_id', 'state', 'currency', 'amount', 'captured', 'reserved', 'refunded'],
  ...['description', 'expires_at', 'provider_invoice_id', 'provider_payment_id', 'payment_url', 'failure_reason'],
  ...['captured_at', 'attention', 'invoice_calls', 'invoice_called_at', 'checks', 'lease_id', 'traceparent'],
  ...['version', 'created_at', 'updated_at'],
]);

export const refundColumns = toColumns('refunds', [
  ...['id', 'payment_id', 'amount', 'state', 'reason', 'sent_at', 'attempts', 'traceparent', 'created_at'],
]);

export const webhookEventColumns = toColumns('webhook_events', ['id', 'type', 'subject_id', 'attempts', 'traceparent']);

function toColumns(table: string, names: readonly string[]): string {
  return names.map((name) => `${table}.${name} AS "${toCamelCase(name)}"`).join(', ');
}

function toCamelCase(name: string): string {
  return name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
