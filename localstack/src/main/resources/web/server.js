// What this page asks of the server, on the `api` that extensions share with it.

import { api, read } from './scripts/api.js';

export const get = async (route) => read(await api.fetchApi(route));

export const post = async (route, body) =>
  read(await api.fetchApi(route, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }));

export async function upload(file) {
  const form = new FormData();
  form.append('image', file);
  return read(await api.fetchApi('/upload/image', { method: 'POST', body: form }));
}

export const viewUrl = ({ filename, subfolder, type }) =>
  api.apiURL('/view?' + new URLSearchParams({ filename, subfolder: subfolder ?? '', type: type ?? 'output' }));
