import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { TOKEN_HEADER } from './api.ts';

/** Who may speak to the server: a page that it served itself, and that knows the token. */
export interface Guarded {
  /** `127.0.0.1:PORT`, as a browser writes it into Host. */
  readonly host: string;
  readonly token: string;
}

/**
 * Why a request is refused before anything is looked up, as a status; undefined where it is not.
 *
 * A page of another site can make a browser send requests here, and can even get its own name to lead here (DNS
 * rebinding), but it cannot make the browser lie about the name it asked (Host), about where the request comes
 * from (Origin, Sec-Fetch-Site: Fetch Metadata), or know the token.
 */
export function refuse(
  { host, token }: Guarded,
  request: {
    readonly method: string;
    /** As it was sent, and the path that was read from it. */
    readonly target: string;
    readonly path: string;
    readonly headers: IncomingHttpHeaders;
  },
): 401 | 403 | 405 | undefined {
  const { headers, method } = request;
  // A target may name a host of its own, which would go before the Host header (RFC 9112, 3.2.2).
  if (headers.host !== host || !request.target.startsWith('/')) return 403;
  if (headers.origin !== undefined && headers.origin !== `http://${host}`) return 403;
  const isApi = request.path === '/api' || request.path.startsWith('/api/');
  const site = headers['sec-fetch-site'];
  // `none` is an address that a person typed or clicked outside the browser.
  const near = site === undefined || site === 'same-origin' || (site === 'none' && !isApi);
  if (!near) return 403;
  if (method !== 'GET' && method !== 'HEAD' && method !== 'POST') return 405;
  if (!isApi) return method === 'POST' ? 405 : undefined;
  return isToken(headers[TOKEN_HEADER.toLowerCase()], token) ? undefined : 401;
}

/** In constant time: hashes have one length, whatever was sent. */
function isToken(given: string | string[] | undefined, token: string): boolean {
  const hash = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(typeof given === 'string' ? given : ''), hash(token));
}

/** Sent with every answer. `styles` are hashes of style sheets that the report brings along. */
export function securityHeaders(styles: readonly string[] = []): Record<string, string> {
  const hashes = styles.map((hash) => ` '${hash}'`).join('');
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self'${hashes}`,
    "img-src 'self' blob: data:",
    "font-src 'self'",
    "connect-src 'self'",
    "frame-src 'self' blob:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ];
  return {
    'Content-Security-Policy': policy.join('; '),
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
    'Referrer-Policy': 'no-referrer',
    'Cache-Control': 'no-store',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Embedder-Policy': 'require-corp',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Permissions-Policy':
      'camera=(), microphone=(), geolocation=(), display-capture=(), clipboard-read=(), usb=(), serial=()',
  };
}
