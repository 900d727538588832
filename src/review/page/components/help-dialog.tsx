import type { TrackState } from '../logic/track-state.ts';
import { COMMANDS, type CommandId, type Group } from '../state/commands.ts';
import { words } from '../state/preferences.ts';
import { shownKey } from './command-button.tsx';
import { Modal } from './modal.tsx';
import { StateMark } from './state-mark.tsx';

const GROUPS: readonly Group[] = ['decide', 'move', 'look', 'draw', 'whole'];
const STATES: readonly TrackState[] = ['covered', 'doubtful', 'drawn', 'kept'];

/** All keys, and what the outlines mean. */
export function HelpDialog() {
  const { help, groups, commands, state } = words.value;
  const all = Object.keys(COMMANDS) as CommandId[];
  return (
    <Modal title={help.title} wide>
      <p>{help.intro}</p>
      <h3>{help.legend}</h3>
      <ul class="legend">
        {STATES.map((name) => (
          <li key={name}>
            <StateMark state={name} /> {state[name]}
          </li>
        ))}
      </ul>
      <div class="keys">
        {GROUPS.map((group) => (
          <section key={group}>
            <h3>{groups[group]}</h3>
            <dl>
              {all
                .filter((id) => COMMANDS[id].group === group)
                .map((id) => (
                  <div key={id}>
                    <dt>
                      {COMMANDS[id].keys.map((chord) => (
                        <kbd key={chord} class="key" dir="ltr">
                          {shownKey(chord)}
                        </kbd>
                      ))}
                    </dt>
                    <dd>{commands[id]}</dd>
                  </div>
                ))}
            </dl>
          </section>
        ))}
      </div>
      <p>{help.span}</p>
      <p>{help.touch}</p>
    </Modal>
  );
}
