/**
 * For reads of a payment with its refunds: Prisma asks for each in a statement of its own, and a refund that ends between
 * the two would be told of by one and not by the other.
 * To be given to an interactive transaction: a batch of one operation is sent without any.
 */
export const oneSnapshot = { isolationLevel: 'RepeatableRead' } as const;
