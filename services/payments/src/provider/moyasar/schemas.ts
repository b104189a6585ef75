import { z } from 'zod';

// Only what is read. Unknown members are dropped, so that no card data comes further than here.

const amount = z.int().nonnegative();
const metadata = z.record(z.string(), z.unknown()).nullish();
const text = z.string().nullish();

export const paymentSchema = z.object({
  id: z.string().min(1),
  status: z.string(),
  amount,
  currency: z.string(),
  refunded: amount.nullish(),
  captured: amount.nullish(),
  invoice_id: text,
  metadata,
  captured_at: text,
  refunded_at: text,
  updated_at: text,
  source: z.object({ message: text, response_code: text }).nullish(),
});

export const invoiceSchema = z.object({
  id: z.string().min(1),
  status: z.string(),
  amount,
  currency: z.string(),
  url: z.url({ protocol: /^https?$/ }),
  metadata,
  created_at: text,
  payments: z.array(paymentSchema).nullish(),
});

export const invoiceListSchema = z.object({
  invoices: z.array(invoiceSchema),
  meta: z.object({ next_page: z.int().nullish() }).nullish(),
});

export const errorSchema = z.object({
  type: text,
  message: text,
  errors: z.unknown().optional(),
});

export type MoyasarPayment = z.infer<typeof paymentSchema>;
export type MoyasarInvoice = z.infer<typeof invoiceSchema>;
export type InvoiceList = z.infer<typeof invoiceListSchema>;
