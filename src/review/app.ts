import type { HttpBindings } from '@hono/node-server';
import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { ZodError, type z } from 'zod';
import { SayehError } from '../core/errors.ts';
import { packPlan } from '../core/review/packed-plan.ts';
import { parseEdits } from '../core/review/parse-edit.ts';
import { type Conflict, PACKED_PLAN, type Problem } from './api.ts';
import type { Connections } from './connections.ts';
import { type Guarded, refuse, securityHeaders } from './guard.ts';
import { type ReviewItem, Stale } from './item.ts';
import type { Lifetime } from './lifetime.ts';
import type { PageFile } from './page-files.ts';
import {
  editsRequest,
  followRequest,
  frameQuery,
  renderRequest,
  reportQuery,
  revisionRequest,
} from './requests.ts';
import type { ReviewSession } from './session.ts';
import { wordsFor } from './words-for.ts';

/** Of what the page sends, in bytes: a thousand edits fit. */
const MOST_BODY = 2 ** 20;

/** After a change, other pages are told of it. */
const TELL_AFTER_MS = 1000;

interface Parts {
  readonly session: ReviewSession;
  readonly page: ReadonlyMap<string, PageFile>;
  readonly guarded: () => Guarded;
  readonly connections: () => Connections;
  readonly lifetime: Lifetime;
  /** Hashes of style sheets that the report brings along. */
  readonly styles: readonly string[];
}

type Env = { Bindings: HttpBindings };
type Ask = Context<Env>;

/** What the server answers: see api.ts and docs/review-server.md. */
export function reviewApp({ session, page, guarded, connections, lifetime, styles }: Parts): Hono<Env> {
  const app = new Hono<Env>();
  const headers = Object.entries(securityHeaders(styles));

  app.use('*', async (c, next) => {
    const { incoming } = c.env;
    const { headers: sent, url: target = '' } = incoming;
    const refused = refuse(guarded(), { method: c.req.method, target, path: c.req.path, headers: sent });
    if (refused === undefined && c.req.path.startsWith('/api/')) {
      connections().prove(incoming.socket);
      lifetime.sign();
    }
    if (refused === undefined) await next();
    else c.res = problem(c, REFUSED[refused], refused);
    for (const [name, value] of headers) c.res.headers.set(name, value);
  });
  app.use(
    '/api/*',
    bodyLimit({ maxSize: MOST_BODY, onError: (c) => problem(c, 'that is too much at once', 413) }),
  );

  app.get('/api/session', (c) => c.json(session.summary));
  app.get('/api/events', (c) => {
    lifetime.streamOpened();
    const stream = session.events.listen(() => lifetime.streamClosed());
    return c.body(stream, 200, { 'Content-Type': 'application/x-ndjson; charset=utf-8' });
  });
  app.post('/api/alive', (c) => c.json({}));
  app.post('/api/close', (c) => {
    lifetime.closing();
    return c.json({});
  });
  app.post('/api/jobs/:job/stop', (c) =>
    session.stop(c.req.param('job')) ? c.json({}) : problem(c, 'there is no such job', 404),
  );

  app.get('/api/items/:item/plan', (c) => {
    const { planAnswer } = itemOf(c);
    if (c.req.header('accept') !== PACKED_PLAN) return c.json(planAnswer);
    return c.body(packPlan(planAnswer), 200, { 'Content-Type': PACKED_PLAN });
  });
  app.get('/api/items/:item/times', async (c) => c.json(await itemOf(c).times()));
  app.post('/api/items/:item/edits', async (c) => {
    const { revision, edits } = await body(c, editsRequest);
    return c.json(tellOthers(itemOf(c), (item) => item.edit(revision, parseEdits(edits))));
  });
  app.post('/api/items/:item/undo', async (c) => {
    const { revision } = await body(c, revisionRequest);
    return c.json(tellOthers(itemOf(c), (item) => item.undo(revision)));
  });
  app.post('/api/items/:item/redo', async (c) => {
    const { revision } = await body(c, revisionRequest);
    return c.json(tellOthers(itemOf(c), (item) => item.redo(revision)));
  });
  app.post('/api/items/:item/follow', async (c) => {
    const { revision, frame, direction = 'both', region, track } = await body(c, followRequest);
    const item = itemOf(c);
    const what = region ? { region } : { track: track as number };
    const onProgress = (done: number, total: number) => {
      if (done % 10 === 0)
        session.events.send({ type: 'progress', item: item.source.index, phase: 'follow', done, total });
    };
    const followed = await item.follow({ revision, frame, direction }, what, c.req.raw.signal, onProgress);
    tellLater(item);
    return c.json(followed);
  });
  app.get('/api/items/:item/frames/:frame', async (c) => {
    const query = frameQuery.parse(c.req.query());
    const { width, view, crop } = query;
    const item = itemOf(c);
    const { settings } = session.options;
    const { style = settings.style, cover = settings.cover } = query;
    const index = Number(/^\d{1,9}$/.exec(c.req.param('frame'))?.[0] ?? Number.NaN);
    const { width: sourceWidth, height, frames } = item.plan.film;
    if (!(index < frames)) return problem(c, 'there is no such frame', 404);
    if (crop && !fits(crop, sourceWidth, height)) return problem(c, 'that part is not in the picture', 400);
    const evened = crop && { ...crop, x: crop.x & ~1, y: crop.y & ~1 };
    const asked = { width, view, style, cover, crop: evened };
    const picture = await item.frame(index, asked, c.req.raw.signal);
    return c.body(new Uint8Array(picture), 200, {
      'Content-Type': 'image/jpeg',
      'X-Sayeh-Frame': String(index),
    });
  });
  app.post('/api/items/:item/render', async (c) => {
    const { settings } = await body(c, renderRequest);
    return c.json({ job: session.render(itemOf(c), settings) });
  });
  app.get('/api/items/:item/report', async (c) => {
    const { language } = reportQuery.parse(c.req.query());
    const item = itemOf(c);
    if (!item.result) return problem(c, 'nothing was rendered yet', 404);
    return c.html(await item.report(language, session.options.videoCodec));
  });

  app.get('*', (c) => {
    const file = page.get(c.req.path);
    return file
      ? c.body(file.bytes, 200, { 'Content-Type': file.type })
      : problem(c, 'there is nothing here', 404);
  });
  app.notFound((c) => problem(c, 'there is nothing here', 404));
  app.onError((error, c) => answerTo(error, c, session));
  return app;

  /** The page that asked has its answer by then, and knows the revision. */
  function tellLater(item: ReviewItem): void {
    const { revision } = item;
    const tell = () => session.events.send({ type: 'plan', item: item.source.index, revision });
    setTimeout(tell, TELL_AFTER_MS).unref();
  }

  /** Pages other than the one that asked learn that the plan changed. */
  function tellOthers<T extends { revision: number }>(item: ReviewItem, change: (item: ReviewItem) => T): T {
    const before = item.revision;
    const changed = change(item);
    if (changed.revision !== before) {
      tellLater(item);
    }
    return changed;
  }

  function itemOf(c: Ask): ReviewItem {
    const index = /^\d{1,6}$/.exec(c.req.param('item') ?? '')?.[0];
    const item = index === undefined ? undefined : session.item(Number(index));
    if (!item) throw new NotThere();
    return item;
  }
}

class NotThere extends Error {}

const REFUSED = { 401: 'the address with its token is needed', 403: 'refused', 405: 'refused' } as const;

/** Reads a body that is JSON and says so: what a form of another site sends never is. */
async function body<T>(c: Ask, schema: z.ZodType<T>): Promise<T> {
  const type = c.req.header('content-type')?.split(';')[0].trim().toLowerCase();
  if (type !== 'application/json') throw new NotJson();
  let value: unknown;
  try {
    value = await c.req.json();
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    throw new SayehError('usage', 'that is not JSON', { cause });
  }
  return schema.parse(value);
}

class NotJson extends Error {}

function answerTo(error: unknown, c: Context, { items }: ReviewSession): Response {
  if (error instanceof Stale) {
    const conflict: Conflict = { revision: error.revision, message: error.message };
    return c.json(conflict, 409);
  }
  if (error instanceof NotThere) return problem(c, 'there is nothing here', 404);
  if (error instanceof NotJson) return problem(c, 'a body must be application/json', 415);
  if (error instanceof ZodError) return problem(c, 'that request makes no sense', 400);
  if (error instanceof SayehError) {
    const item = items[Number(/^\/api\/items\/(\d+)\//.exec(c.req.path)?.[1])];
    const words = item ? wordsFor(error, item.source.file) : error.message;
    return problem(c, words, error.code === 'usage' ? 422 : 500);
  }
  // Whoever gave up does not read the answer.
  if (c.req.raw.signal.aborted || (error instanceof Error && error.name === 'AbortError'))
    return problem(c, 'stopped', 408);
  return problem(c, 'something went wrong inside Sayeh', 500);
}

function problem(
  c: Context,
  message: string,
  status: 400 | 401 | 403 | 404 | 405 | 408 | 413 | 415 | 422 | 500,
): Response {
  const answer: Problem = { message };
  return c.json(answer, status);
}

function fits(
  { x, y, width, height }: { x: number; y: number; width: number; height: number },
  frameWidth: number,
  frameHeight: number,
): boolean {
  return width > 0 && height > 0 && x + width <= frameWidth && y + height <= frameHeight;
}
