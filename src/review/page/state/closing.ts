import { postJson } from './client.ts';
import { stopListening } from './events.ts';
import { connection, dialog } from './status.ts';

/** Ends the review; the plan is saved already, after every change. */
export async function closeReview(): Promise<void> {
  dialog.value = undefined;
  connection.value = 'closed';
  stopListening();
  await postJson('/close').catch(() => {});
}
