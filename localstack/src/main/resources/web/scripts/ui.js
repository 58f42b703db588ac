// The few parts of ComfyUI's interface that extensions reach through `app.ui` and `app.extensionManager`.

import { api } from './api.js';

const make = (tag, properties = {}, ...children) => {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
};

// `app.ui.settings`: values by id, kept with the user's other settings.
export const settings = {
  settingsValues: {},
  settingsLookup: {},

  async load() {
    this.settingsValues = await api.getSettings();
  },

  addSetting(setting) {
    this.settingsLookup[setting.id] = setting;
    const { id } = setting;
    setting.onChange?.(this.getSettingValue(id));
    return { get value() { return settings.getSettingValue(id); }, set value(value) { settings.setSettingValue(id, value); } };
  },

  getSettingValue(id, otherwise) {
    return this.settingsValues[id] ?? otherwise ?? this.settingsLookup[id]?.defaultValue;
  },

  async setSettingValueAsync(id, value) {
    const before = this.getSettingValue(id);
    this.settingsValues[id] = value;
    this.settingsLookup[id]?.onChange?.(value, before);
    await api.storeSetting(id, value);
  },

  setSettingValue(id, value) {
    this.setSettingValueAsync(id, value).catch((problem) => console.error(`The setting ${id} was not stored`, problem));
  },
};

// `app.ui.dialog`: one box of text or elements at a time.
export const dialog = {
  element: null,

  show(content) {
    this.close();
    const body = make('div', {});
    if (typeof content === 'string') body.innerHTML = content;
    else body.append(...[content].flat());
    this.element = make('dialog', {}, body, make('button', { type: 'button', textContent: 'Close', onclick: () => this.close() }));
    document.body.append(this.element);
    this.element.showModal();
  },

  close() {
    this.element?.remove();
    this.element = null;
  },
};

// `app.extensionManager.toast`: {severity, summary, detail, life in ms}.
export const toasts = {
  add({ severity = 'info', summary = '', detail = '', life = 5000 }) {
    const box = make('p', { className: `toast ${severity}`, role: 'status', textContent: [summary, detail].filter(Boolean).join(': ') });
    document.body.append(box);
    setTimeout(() => box.remove(), life);
  },

  addAlert(text) {
    this.add({ severity: 'warn', summary: text });
  },
};
