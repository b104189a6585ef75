import { asOperator, type OperatorAccess } from './as-operator.ts';

/** Makes the phone number an admin, as the peer `ops`. */
export function bootstrapAdmin(
  access: OperatorAccess,
  phoneNumber: string,
): Promise<{ id: string; phoneNumber: string }> {
  return asOperator(access, async (admin) => {
    const user = await admin.bootstrapAdmin({ phoneNumber });
    return { id: user.id, phoneNumber: user.phoneNumber };
  });
}
