const KEY = 'sayeh-token';

/**
 * The token from the address's fragment. It is taken out of the address, so that no picture of the screen shows it,
 * and kept for this tab alone, so that the page can be loaded again. It dies with the server.
 */
export function takeToken(): string | undefined {
  const given = location.hash.slice(1);
  if (given) {
    sessionStorage.setItem(KEY, given);
    history.replaceState(null, '', location.pathname);
    return given;
  }
  return sessionStorage.getItem(KEY) ?? undefined;
}
