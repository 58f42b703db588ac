// The few parts of ComfyUI's interface that extensions reach through `app.ui`, `app.extensionManager` and this module.

import { api } from './api.js';

// Makes an element: `$el('div.box', { onclick, style: {…}, parent }, [children])`.
export function $el(tag, properties, children) {
  const [name, ...classes] = tag.split('.');
  const element = document.createElement(name);
  element.classList.add(...classes);
  const given = typeof properties === 'string' || properties instanceof Element || Array.isArray(properties);
  const { parent, $: made, dataset, style, for: labelled, ...rest } = given ? {} : properties ?? {};
  Object.assign(element, rest);
  Object.assign(element.dataset, dataset);
  if (typeof style === 'string') element.style = style;
  else Object.assign(element.style, style);
  if (labelled) element.setAttribute('for', labelled);
  element.append(...[(given ? properties : children) ?? []].flat());
  parent?.append(element);
  made?.(element);
  return element;
}

// A box with text or elements.
export class ComfyDialog {
  constructor() {
    this.textElement = $el('div');
    this.element = $el('dialog', {}, [this.textElement, $el('button', { type: 'button', textContent: 'Close', onclick: () => this.close() })]);
  }

  show(content) {
    if (typeof content === 'string') this.textElement.innerHTML = content;
    else this.textElement.replaceChildren(...[content].flat());
    document.body.append(this.element);
    if (!this.element.open) this.element.showModal();
  }

  close() {
    this.element.close();
    this.element.remove();
  }
}

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

// `app.extensionManager.toast`: {severity, summary, detail, life in ms}.
export const toasts = {
  add({ severity = 'info', summary = '', detail = '', life = 5000 }) {
    const box = $el(`p.toast.${severity}`, { role: 'status', textContent: [summary, detail].filter(Boolean).join(': '), parent: document.body });
    setTimeout(() => box.remove(), life);
  },

  addAlert(text) {
    this.add({ severity: 'warn', summary: text });
  },
};
