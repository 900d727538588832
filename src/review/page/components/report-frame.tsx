import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { ask } from '../state/client.ts';
import { language, words } from '../state/preferences.ts';
import { items } from '../state/review.ts';

/** The report on a written file. Its frame may run nothing, send nothing and reach nothing. */
export function ReportFrame({ item }: { readonly item: number }) {
  const html = useSignal<string | undefined>(undefined);
  const problem = useSignal<string | undefined>(undefined);
  const { finish } = words.value;
  useEffect(() => {
    const abort = new AbortController();
    ask(`/items/${item}/report?language=${language.value}`, { signal: abort.signal })
      .then((response) => response.text())
      .then((text) => {
        html.value = text;
      })
      .catch((error: Error) => {
        if (!abort.signal.aborted) problem.value = error.message;
      });
    return () => abort.abort();
  }, [item, language.value]);
  if (problem.value !== undefined) return <p class="alarm">{problem.value}</p>;
  return (
    <iframe
      class="report"
      title={finish.reportOf(items.value[item]?.label ?? '')}
      sandbox=""
      srcdoc={html.value ?? ''}
    />
  );
}
