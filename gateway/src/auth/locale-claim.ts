/** The `locale` claim of a token that has been verified already; undefined where there is none. */
export function localeClaimOf(token: string): string | undefined {
  try {
    const payload: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));
    const locale = (payload as { locale?: unknown } | null)?.locale;
    return typeof locale === 'string' ? locale : undefined;
  } catch {
    return undefined;
  }
}
