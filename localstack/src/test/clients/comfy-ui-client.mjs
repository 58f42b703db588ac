import { ComfyUIClient } from 'comfy-ui-client';
import fs from 'node:fs';

const [base, workflow, picture] = process.argv.slice(2);
const graph = JSON.parse(fs.readFileSync(workflow));
const client = new ComfyUIClient(new URL(base).host, '2f3b1d4a-6f0e-4c39-9f0b-5c1d8a7e6b21');
await client.connect();
const images = await client.getImages(graph);
fs.writeFileSync(picture, Buffer.from(await images['9'][0].blob.arrayBuffer()));
const sent = await client.uploadImage(fs.readFileSync(picture), 'from the client.png');
if (sent.name !== 'from the client.png') process.exit(1);
await client.disconnect();
