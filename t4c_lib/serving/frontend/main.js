// A page's own program: makes the widgets that the page carries, and keeps the line to their kernel.
import '@lumino/widgets/style/index.css';
import '@jupyter-widgets/base/css/index.css';
import '@jupyter-widgets/controls/css/widgets.css';

import '../share/voila/templates/t4c/static/common.js';
import { Kernel } from './kernel.js';
import { Manager } from './manager.js';
import { drawOutput } from './outputs.js';

const { drafts, line, whenRead } = globalThis.t4c;
const { base, kernel: itsKernel } = document.documentElement.dataset;
let kernelId = itsKernel; // empty while a page that was kept is not alive yet

const parsed = (node) => JSON.parse(node.textContent);
const pause = (milliseconds) => new Promise((resolve) => { setTimeout(resolve, milliseconds); });
const AGAIN = 1000; // until a server that did not answer is asked again, in milliseconds

function kernelUrl() {
  const url = new URL(`${base}api/kernels/${kernelId}/channels`, location.href);
  url.protocol = url.protocol.replace('http', 'ws');
  return url.href;
}

function xsrf() {
  const [, token = ''] = /(?:^|; )_xsrf=([^;]*)/.exec(document.cookie) ?? [];
  return { 'X-XSRFToken': decodeURIComponent(token) };
}

const kernel = new Kernel(kernelUrl(), {
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

// A page that was sent as it was kept asks for a kernel behind it. It can be read meanwhile, however long that takes.
async function live() {
  for (;;) {
    const asked = fetch(location.href, { method: 'POST', headers: xsrf(), cache: 'no-store' });
    const answer = await asked.catch(() => null);
    if (answer?.ok) {
      line.found();
      return answer.json();
    }
    if (answer && answer.status !== 503) { // the page itself says what is wrong: a token that ended, a part that failed
      location.reload();
      return null;
    }
    if (!answer) line.lost();
    await pause(answer ? 1000 * Number(answer.headers.get('Retry-After') || 1) : AGAIN);
  }
}

async function comeAlive() {
  const told = await live();
  if (!told) return;
  const places = [...document.querySelectorAll('div.t4c-output')];
  kernelId = told.kernel;
  if (places.length !== told.outputs.length) { // the notebook shows other parts now
    location.reload();
    return;
  }
  kernel.leadTo(kernelUrl());
  kernel.connect();
  await manager.restore(told.widgets.state ?? {});
  // What stands there of an output that is no widget's is what would be drawn again.
  await Promise.all(told.outputs.map((output, at) => {
    if (!('application/vnd.jupyter.widget-view+json' in (output.data ?? {}))) places[at].replaceChildren();
    return drawOutput(output, places[at], manager);
  }));
  line.ready();
  drafts.offer(() => kernel.idle());
}

async function start() {
  if (!kernelId) {
    await comeAlive();
    return;
  }
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
  if (kernelId) fetch(`${base}voila/api/shutdown/${kernelId}`, { method: 'POST', keepalive: true, headers: xsrf() });
});
addEventListener('pageshow', (event) => { if (event.persisted) location.reload(); });

// Read while the server still works out the page.
globalThis.t4cVegaChart();
whenRead(start);
