// A page's own program: makes the widgets that the page carries, and keeps the line to their kernel.
import '@lumino/widgets/style/index.css';
import '@jupyter-widgets/base/css/index.css';
import '@jupyter-widgets/controls/css/widgets.css';

import '../share/voila/templates/t4c/static/common.js';
import { Kernel } from './kernel.js';
import { Manager } from './manager.js';
import { drawOutput } from './outputs.js';

const { drafts, line, whenRead } = globalThis.t4c;
const { base, kernel: kernelId } = document.documentElement.dataset;

const parsed = (node) => JSON.parse(node.textContent);
const kernelUrl = new URL(`${base}api/kernels/${kernelId}/channels`, location.href);
kernelUrl.protocol = kernelUrl.protocol.replace('http', 'ws');
const kernel = new Kernel(kernelUrl.href, {
  opened: (comm, message) => manager.handle_comm_open(comm, message),
  found: line.found,
  lost: line.lost,
  ended: line.ended,
  failed(content) {
    manager.forgetSuccess();
    line.failed(content);
  },
});
const manager = new Manager(kernel);

async function start() {
  const state = document.getElementById('t4c-widgets');
  if (!state) return; // the page was broken off; it says so itself
  kernel.connect();
  await manager.restore(parsed(state).state ?? {});
  const outputs = [...document.querySelectorAll('script.t4c-output')].map((node) => {
    const place = node.previousElementSibling; // with what the page was painted with
    node.remove();
    return drawOutput(parsed(node), place, manager);
  });
  await Promise.all(outputs);
  line.ready();
  drafts.offer(() => kernel.idle());
}

// A page that is left takes its kernel along. One that comes back from the browser's memory has none any more.
addEventListener('pagehide', () => {
  const [, token = ''] = /(?:^|; )_xsrf=([^;]*)/.exec(document.cookie) ?? [];
  const headers = { 'X-XSRFToken': decodeURIComponent(token) };
  fetch(`${base}voila/api/shutdown/${kernelId}`, { method: 'POST', keepalive: true, headers });
});
addEventListener('pageshow', (event) => { if (event.persisted) location.reload(); });

// Read while the server still works out the page.
globalThis.t4cVegaChart();
whenRead(start);
