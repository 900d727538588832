import dgram from 'node:dgram';
import dns from 'node:dns';
import http from 'node:http';
import http2 from 'node:http2';
import https from 'node:https';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';
import workers from 'node:worker_threads';
import { SayehError } from '../../core/errors.ts';

/** Where the review page is served; nothing else may be listened on. */
const LOOPBACK = new Set(['127.0.0.1', '::1']);

const LOOK_UP = /^(lookup|lookupService|resolve\w*|reverse)$/;

/** What a worker thread loads first: built-in modules are each thread's own, so each needs the guard. */
const IN_THREADS = new URL(import.meta.url.replace(/no-network(\.[jt]s)$/, 'offline$1')).href;

type Functions = Record<string, unknown>;

let refused = false;

/**
 * From now on every call in this thread, and in threads started from it, that would open a connection, send a
 * datagram or look up a name throws SayehError('internal') (those that return promises reject with it), as does
 * listening on anything but the loopback interface. Connections that come in there stay possible.
 *
 * It stops mistakes, ours and those of packages written in JavaScript. It does not see native code (FFmpeg, libvips,
 * the networks' runtime), other programs, or code that sets out to get around it: tests watch the process from the
 * outside for those.
 */
export function refuseNetwork(): void {
  if (refused) return;
  refused = true;

  // TCP, TLS, HTTP and what fetch and WebSocket are built on all come by here.
  replace(net.Socket.prototype, ['connect'], 'a connection');
  replace(dgram.Socket.prototype, ['bind', 'connect', 'send'], 'a datagram');
  // Refused where they are called too, so that nothing in between swallows the reason.
  replace(http, ['request', 'get'], 'an HTTP request');
  replace(https, ['request', 'get'], 'an HTTPS request');
  replace(http2, ['connect'], 'an HTTP/2 connection');
  replace(globalThis, ['fetch'], 'a fetch', { rejects: true });
  const { lookup } = dns;
  replace(dns, lookUps(dns), 'a name to be looked up');
  allowAddresses(lookup);
  replace(dns.Resolver.prototype, lookUps(dns.Resolver.prototype), 'a name to be looked up');
  for (const promises of [dns.promises, dns.promises.Resolver.prototype]) {
    replace(promises, lookUps(promises), 'a name to be looked up', { rejects: true });
  }
  listenOnLoopbackOnly();
  guardThreads();
  // What was imported by name, before or after, is the same from here on.
  syncBuiltinESMExports();
}

function refusal(what: string): SayehError {
  return new SayehError('internal', `something asked for ${what}: refused, Sayeh never uses the network`);
}

function replace(holder: object, names: readonly string[], what: string, { rejects = false } = {}): void {
  for (const name of names) {
    (holder as Functions)[name] = rejects
      ? () => Promise.reject(refusal(what))
      : () => {
          throw refusal(what);
        };
  }
}

/** Methods of a prototype are not all enumerable. */
function lookUps(holder: object): string[] {
  const names: string[] = [];
  for (let at = holder; at && at !== Object.prototype; at = Object.getPrototypeOf(at)) {
    names.push(...Object.getOwnPropertyNames(at));
  }
  return names.filter((name) => LOOK_UP.test(name));
}

/** Listening on an address asks for it as if it were a name; the answer is the address, and nobody is asked. */
function allowAddresses(lookup: typeof dns.lookup): void {
  const refuse = dns.lookup;
  (dns as Functions).lookup = (name: string, ...rest: [() => void]) =>
    net.isIP(name) ? lookup(name, ...rest) : refuse(name, ...rest);
}

function listenOnLoopbackOnly(): void {
  const listen = net.Server.prototype.listen as (this: net.Server, ...given: unknown[]) => net.Server;
  (net.Server.prototype as unknown as Functions).listen = function (this: net.Server, ...given: unknown[]) {
    const { host } = Object(given[0]) as net.ListenOptions;
    if (host === undefined || !LOOPBACK.has(host)) throw refusal('a port that other machines may reach');
    return listen.apply(this, given);
  };
}

function guardThreads(): void {
  const { Worker } = workers;
  (workers as Functions).Worker = class extends Worker {
    constructor(file: string | URL, options: workers.WorkerOptions = {}) {
      const { execArgv = process.execArgv } = options;
      super(file, { ...options, execArgv: [...execArgv, '--import', IN_THREADS] });
    }
  };
}
