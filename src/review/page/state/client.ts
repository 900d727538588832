import { type Problem, TOKEN_HEADER } from '../../api.ts';

/** The server said no. `message` is in plain words. */
export class Refused extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

let token = '';

/** Sets what every request proves itself with. */
export function useToken(value: string): void {
  token = value;
}

/** Asks the server. Throws Refused for an answer that is no success, and fetch's own error if there is none. */
export async function ask(path: string, init: RequestInit = {}): Promise<Response> {
  const headers = new Headers(init.headers);
  headers.set(TOKEN_HEADER, token);
  const response = await fetch(`/api${path}`, { ...init, headers, cache: 'no-store' });
  if (!response.ok) throw new Refused(response.status, await problemOf(response));
  return response;
}

export async function getJson<T>(path: string, signal?: AbortSignal): Promise<T> {
  return (await ask(path, signal ? { signal } : {})).json() as Promise<T>;
}

/** The bytes of an answer of the type asked for. */
export async function getBytes(path: string, type: string): Promise<ArrayBuffer> {
  return (await ask(path, { headers: { Accept: type } })).arrayBuffer();
}

export async function postJson<T>(path: string, body: unknown = {}, init: RequestInit = {}): Promise<T> {
  const response = await ask(path, {
    ...init,
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  return response.json() as Promise<T>;
}

async function problemOf(response: Response): Promise<string> {
  try {
    return ((await response.json()) as Problem).message ?? response.statusText;
  } catch {
    return response.statusText;
  }
}
