import { createContextKey, type HandlerContext } from '@connectrpc/connect';
import { refuse } from '../errors/refuse.ts';
import { callHeader } from './call-headers.ts';

export const roles = ['customer', 'staff', 'manager', 'admin'] as const;
export type Role = (typeof roles)[number];
export type Locale = 'ar' | 'en';

/** Who makes the current call, and what came with it. */
export interface Caller {
  kind: 'anonymous' | 'user' | 'service';
  userId?: string | undefined;
  role?: Role | undefined;
  sessionId?: string | undefined;
  authTime?: Date | undefined;
  /** Of `accept-language`; `en` when it names neither language. */
  locale: Locale;
  /** What `accept-language` asked for; undefined when it names neither language. */
  preferredLocale?: Locale | undefined;
  /** The calling service, when it may be believed: also set when it calls on behalf of a user. */
  peer?: string | undefined;
  /** The access token, verified. */
  token?: string | undefined;
  /** The end user's address where a trusted peer forwards it, else the connection's. */
  address?: string | undefined;
  requestId?: string | undefined;
  idempotencyKey?: string | undefined;
  ifMatch?: string | undefined;
  deviceId?: string | undefined;
  /** What the end user's client calls itself, at most 200 characters; nobody vouches for it. */
  userAgent?: string | undefined;
}

/** A caller of whom nothing is known. */
export const nobody: Caller = { kind: 'anonymous', locale: 'en' };

/** Where the auth interceptor leaves the caller. */
export const callerKey = createContextKey<Caller>(nobody, { description: 'caller' });

/** The caller of the current RPC. */
export function callerOf(context: HandlerContext): Caller {
  return context.values.get(callerKey);
}

/** The signed-in caller; throws UNAUTHENTICATED for others (a service without a user's token among them). */
export function requireUser(context: HandlerContext): Caller & { userId: string; role: Role } {
  const caller = callerOf(context);
  const { userId, role } = caller;
  if (userId === undefined || role === undefined) throw refuse('UNAUTHENTICATED');
  return { ...caller, userId, role };
}

/** Headers for a call made on behalf of the same user: token, language, address, request and device id. */
export function forwardedHeaders(context: HandlerContext): Headers {
  const caller = callerOf(context);
  const headers = new Headers();
  const put = (name: string, value: string | undefined) => value !== undefined && headers.set(name, value);
  put(callHeader.authorization, caller.token && `Bearer ${caller.token}`);
  put(callHeader.language, caller.preferredLocale);
  put(callHeader.clientAddress, caller.address);
  put(callHeader.requestId, caller.requestId);
  put(callHeader.deviceId, caller.deviceId);
  put(callHeader.clientAgent, caller.userAgent);
  return headers;
}
