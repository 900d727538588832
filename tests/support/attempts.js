// Run by no-network.test.ts as a program of its own, with and without the guard: tries every way out that
// JavaScript has, to a server of its own, and prints what came of each.
import dgram from 'node:dgram';
import dns, { promises as dnsPromises, lookup as lookupByName, Resolver } from 'node:dns';
import { once } from 'node:events';
import http, { createServer, get as httpGet } from 'node:http';
import http2 from 'node:http2';
import https from 'node:https';
import { createRequire } from 'node:module';
import net, { connect as connectByName } from 'node:net';
import tls from 'node:tls';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';

const [guard, mode] = isMainThread ? process.argv.slice(2) : [undefined, 'thread'];
if (guard) await import(guard);

let arrived = 0;
const server = isMainThread ? createServer((_request, response) => response.end('here')) : undefined;
server?.on('connection', () => arrived++);
server?.listen({ host: '127.0.0.1', port: 0 });
if (server) await once(server, 'listening');
const port = server ? server.address().port : workerData;
const url = `http://127.0.0.1:${port}/`;
const host = '127.0.0.1';

const emitted = async (emitter, event) => {
  await once(emitter, event, { signal: AbortSignal.timeout(20_000) });
  emitter.destroy?.();
};
/** Of a call that looks a name up: an answer that there is no such name is an answer. */
const answered = (ask) =>
  new Promise((resolve, reject) => {
    ask((error) => (error?.name === 'SayehError' ? reject(error) : resolve()));
  });
const settled = (promise) =>
  promise.catch((error) => {
    if (error.name === 'SayehError') throw error;
  });

const ATTEMPTS = {
  'net.connect': () => emitted(net.connect(port, host), 'connect'),
  'net.connect, imported by name': () => emitted(connectByName({ port, host }), 'connect'),
  'new net.Socket().connect': () => emitted(new net.Socket().connect(port, host), 'connect'),
  'http.get': () => emitted(http.get(url), 'response'),
  'http.get, imported by name': () => emitted(httpGet(url), 'response'),
  'new http.ClientRequest': () => emitted(new http.ClientRequest(url).end(), 'response'),
  'http.request, required': () =>
    emitted(
      createRequire(import.meta.url)('http')
        .request(url)
        .end(),
      'response',
    ),
  'http.Agent': () => emitted(new http.Agent().createConnection({ port, host }), 'connect'),
  fetch: async () => void (await (await fetch(url)).text()),
  // The server speaks no TLS: that it was reached is what counts.
  'https.get': () => emitted(https.get(`https://127.0.0.1:${port}/`), 'error'),
  'tls.connect': () => emitted(tls.connect({ port, host }), 'error'),
  'http2.connect': () => emitted(http2.connect(url), 'connect'),
  'dgram.send': () =>
    new Promise((resolve, reject) => {
      const socket = dgram.createSocket('udp4');
      try {
        socket.send('x', port, host, (error) => {
          socket.close();
          error ? reject(error) : resolve();
        });
      } catch (error) {
        reject(error);
      }
    }),
  'dns.lookup': () => answered((done) => dns.lookup('localhost', done)),
  'dns.lookup, imported by name': () => answered((done) => lookupByName('localhost', done)),
  'dns.promises.lookup': () => settled(dnsPromises.lookup('localhost')),
  'dns.resolve4': () => answered((done) => dns.resolve4('localhost', done)),
  'dns.Resolver': () => answered((done) => withoutPatience(new Resolver()).resolve4('localhost', done)),
  'dns.promises.Resolver': () => settled(withoutPatience(new dnsPromises.Resolver()).resolve4('localhost')),
};

/** Asks this machine, where nobody answers, so that a run without the guard leaves nothing but a closed port. */
function withoutPatience(resolver) {
  resolver.setServers(['127.0.0.1:9']);
  return resolver;
}
dns.setServers(['127.0.0.1:9']);

const results = {};
for (const [name, attempt] of Object.entries(ATTEMPTS)) {
  try {
    await attempt();
    results[name] = 'reached';
  } catch (error) {
    const { name: kind, code } = error;
    results[name] = kind === 'SayehError' && code === 'internal' ? 'refused' : `${kind}: ${error.message}`;
  }
}

if (isMainThread) {
  for (const given of [[{ host: '0.0.0.0', port: 0 }], [{ port: 0 }], [0], [{ host: '::', port: 0 }]]) {
    const other = net.createServer();
    try {
      other.listen(...given);
      await once(other, 'listening');
      other.close();
      results[`listening on ${JSON.stringify(given[0])}`] = 'reached';
    } catch (error) {
      results[`listening on ${JSON.stringify(given[0])}`] =
        error.code === 'internal' ? 'refused' : error.code;
    }
  }
  const worker = new Worker(new URL(import.meta.url), { workerData: port });
  const [thread] = await once(worker, 'message');
  const fromOwn = arrived;
  process.stdout.write(`${JSON.stringify({ port, results, thread, arrived: fromOwn })}\n`);
  if (mode === 'serve') await once(process.stdin, 'data');
  server.closeAllConnections();
  server.close();
  process.exit(0);
} else {
  parentPort.postMessage(results);
}
