import type { Part } from './types.ts';

const common =
  'It lives for `expires_in` seconds; `POST /api/auth/token/refresh` exchanges the refresh token for the next pair. Signed with ES256 and checked as RFC8725 asks; the keys are at `/.well-known/jwks.json`.';

/** How callers show who they are. Admins' routes have a scheme of their own, so that tools can tell what no other token opens. */
export const securitySchemes: Readonly<Record<string, Part>> = {
  accessToken: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'jwt',
    description: `The access token of \`POST /api/auth/phone/verify\`. ${common}`,
  },
  adminAccessToken: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'jwt',
    description: `The access token of a user whose role is \`admin\`. ${common}`,
  },
};
