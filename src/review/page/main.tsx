import { render } from 'preact';
import { App } from './components/app.tsx';
import { Refused, useToken } from './state/client.ts';
import { listen } from './state/events.ts';
import { listenToKeys } from './state/keyboard.ts';
import { openSession } from './state/open-item.ts';
import { startPlayback } from './state/playback.ts';
import { keepDocumentInStep } from './state/preferences.ts';
import { takeOverRenderings } from './state/rendering.ts';
import { connection } from './state/status.ts';
import { takeToken } from './state/token.ts';

keepDocumentInStep();
render(<App />, document.getElementById('app')!);

const token = takeToken();
if (token === undefined) connection.value = 'no-token';
else {
  useToken(token);
  try {
    await openSession();
    takeOverRenderings();
    startPlayback();
    listenToKeys();
    void listen();
  } catch (error) {
    connection.value = error instanceof Refused && error.status === 401 ? 'no-token' : 'lost';
  }
}
