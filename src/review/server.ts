import { createHash, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { getRequestListener } from '@hono/node-server';
import { STYLE } from '../core/report/html/style.ts';
import { reviewApp } from './app.ts';
import { Connections } from './connections.ts';
import { Lifetime, type Patience } from './lifetime.ts';
import { type PageFile, readPage } from './page-files.ts';
import { type ReviewInput, type ReviewOptions, ReviewSession } from './session.ts';
import type { ReviewWork } from './work.ts';

/** The only interface that is listened on: no other machine reaches it. */
const LOOPBACK = '127.0.0.1';
const TOKEN_BYTES = 32;

/** A slow sender is not waited for. */
const HEADERS_MS = 8_000;
const REQUEST_MS = 10_000;
const KEEP_ALIVE_MS = 20_000;
const CHECK_EVERY_MS = 1000;
/** What is under way when the server ends may arrive. */
const GOODBYE_MS = 1000;

export interface ServerOptions extends Omit<ReviewOptions, 'work'> {
  /** Where files are read; in this process unless given. */
  readonly work?: ReviewWork | undefined;
  readonly patience?: Partial<Patience> | undefined;
  /** The page's files; those that were built, unless given. */
  readonly page?: ReadonlyMap<string, PageFile> | undefined;
}

export interface ReviewServer {
  /** What to open in a browser: http://127.0.0.1:PORT/#TOKEN. The token is the key: it is shown to one person. */
  readonly address: string;
  readonly session: ReviewSession;
  /** Resolves once the page is closed or nobody came, plans are saved and all frames are gone. */
  readonly ended: Promise<void>;
  /** Ends it now. */
  close(): Promise<void>;
}

/**
 * Serves the review page for some inputs on this machine's own loopback interface, at a port and with a token that
 * nobody can guess, until the page is closed. Throws SayehError.
 */
export async function startReview(
  inputs: readonly ReviewInput[],
  options: ServerOptions,
): Promise<ReviewServer> {
  const page = options.page ?? (await readPage());
  const work = options.work ?? new (await import('./work-here.ts')).WorkHere();
  const session = new ReviewSession(inputs, { ...options, work });
  const token = randomBytes(TOKEN_BYTES).toString('base64url');
  let host = '';
  let connections: Connections | undefined;

  let over: Promise<void> | undefined;
  let resolveEnded: () => void = () => {};
  const ended = new Promise<void>((resolve) => {
    resolveEnded = resolve;
  });
  const close = () => {
    over ??= end().finally(resolveEnded);
    return over;
  };
  const lifetime = new Lifetime({
    end: () => void close(),
    // Somebody may wait for the analysis before opening the page; who closed the page does not.
    busy: (seen) => session.isRendering || (session.isAnalysing && !seen),
    patience: options.patience,
  });
  const app = reviewApp({
    session,
    page,
    lifetime,
    guarded: () => ({ host, token }),
    connections: () => connections as Connections,
    styles: [`sha256-${createHash('sha256').update(STYLE).digest('base64')}`],
  });

  const server = createServer(
    {
      connectionsCheckingInterval: CHECK_EVERY_MS,
      headersTimeout: HEADERS_MS,
      requestTimeout: REQUEST_MS,
      keepAliveTimeout: KEEP_ALIVE_MS,
      maxHeaderSize: 16 * 1024,
    },
    getRequestListener(app.fetch, { overrideGlobalObjects: false }),
  );
  server.maxHeadersCount = 64;
  // No protocol but plain requests.
  server.on('upgrade', (_request, socket) => socket.destroy());
  server.on('connect', (_request, socket) => socket.destroy());
  connections = new Connections(server);

  async function end(): Promise<void> {
    lifetime.stop();
    server.close();
    await session.close(); // tells the pages on its way
    server.closeIdleConnections();
    const deadline = performance.now() + GOODBYE_MS;
    while (connections && connections.count > 0 && performance.now() < deadline) await wait(20);
    connections?.close();
  }

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: LOOPBACK, port: 0, exclusive: true }, resolve);
  });
  host = `${LOOPBACK}:${(server.address() as AddressInfo).port}`;
  session.start();
  return { address: `http://${host}/#${token}`, session, ended, close };
}
