import { LANGUAGES } from '../logic/digits.ts';
import { language, singleKeys, type Theme, theme, words } from '../state/preferences.ts';
import { LANGUAGE_NAMES } from '../words/index.ts';
import { Choice } from './choice.tsx';
import { Modal } from './modal.tsx';

const THEMES: readonly Theme[] = ['system', 'light', 'dark'];

export function SettingsDialog() {
  const { settings } = words.value;
  return (
    <Modal title={settings.title}>
      <Choice
        name="language"
        legend={settings.language}
        options={LANGUAGES.map((value) => ({ value, label: LANGUAGE_NAMES[value], lang: value }))}
        value={language.value}
        onChange={(value) => {
          language.value = value;
        }}
      />
      <Choice
        name="theme"
        legend={settings.theme}
        options={THEMES.map((value) => ({ value, label: settings.themes[value] }))}
        value={theme.value}
        onChange={(value) => {
          theme.value = value;
        }}
      />
      <label class="check">
        <input
          type="checkbox"
          checked={singleKeys.value}
          onChange={(event) => {
            singleKeys.value = event.currentTarget.checked;
          }}
        />
        <span>{settings.singleKeys}</span>
      </label>
      <p class="note">{settings.singleKeysNote}</p>
    </Modal>
  );
}
