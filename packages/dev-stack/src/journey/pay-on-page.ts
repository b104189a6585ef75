/** The provider's published test cards that the journeys use. */
export const testCards = { approved: '4201320111111010', declined: '4201321234411220' } as const;

/**
 * Pays on the hosted page the way a browser does: loads it, fills the form, follows nothing else.
 * Resolves with the address the page sends the payer back to. Rejects when the page does not take the form.
 */
export async function payOnPage(paymentUrl: string, card: string = testCards.approved): Promise<string> {
  const page = await fetch(paymentUrl, { signal: AbortSignal.timeout(10_000) });
  const action = /<form method="post" action="([^"]*)"/.exec(await page.text())?.[1];
  if (!page.ok || action === undefined) throw new Error(`${paymentUrl} answered ${page.status} without a payment form`);
  const response = await fetch(new URL(action.replaceAll('&amp;', '&'), page.url), {
    method: 'POST',
    body: new URLSearchParams({ name: 'Sara Al-Harbi', number: card, month: '09', year: '2035', cvc: '123' }),
    redirect: 'manual',
    signal: AbortSignal.timeout(10_000),
  });
  const location = response.headers.get('location');
  if (response.status < 300 || response.status > 399 || location === null) {
    throw new Error(`the payment page answered ${response.status}: ${(await response.text()).slice(0, 200)}`);
  }
  return new URL(location, page.url).href;
}
