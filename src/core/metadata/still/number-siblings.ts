/**
 * Paths for a row of parts known by name alone: those whose name comes up again get `[n]`, as `Part.path` wants.
 */
export function numberSiblings(names: readonly string[]): string[] {
  const total = new Map<string, number>();
  for (const name of names) total.set(name, (total.get(name) ?? 0) + 1);
  const seen = new Map<string, number>();
  return names.map((name) => {
    if (total.get(name) === 1) return name;
    const n = seen.get(name) ?? 0;
    seen.set(name, n + 1);
    return `${name}[${n}]`;
  });
}
