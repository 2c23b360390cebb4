import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** 192 random bits as text of an address. */
export function newToken(): string {
  return randomBytes(24).toString('base64url');
}

/** A short random name. */
export function newId(): string {
  return randomBytes(9).toString('base64url').replaceAll(/[-_]/g, 'x');
}

/** Whether two secrets are equal, in a time that says nothing of where they differ. */
export function isSameSecret(given: string | undefined, secret: string): boolean {
  return given !== undefined && timingSafeEqual(digest(given), digest(secret));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
