// A page's own program: makes the widgets that the page carries, and keeps the line to their kernel.
import '@lumino/widgets/style/index.css';
import '@jupyter-widgets/base/css/index.css';
import '@jupyter-widgets/controls/css/widgets.css';

import '../share/voila/templates/t4c/static/asked.js';
import '../share/voila/templates/t4c/static/common.js';
import { Kernel } from './kernel.js';
import { Manager } from './manager.js';
import { drawOutput } from './outputs.js';

const AGAIN = 1000; // milliseconds between two attempts
const LONGEST = 10000; // and until controls that don't come alive are no longer waited for
const { drafts, line, whenRead } = globalThis.t4c;
const { base } = document.documentElement.dataset;
const live = globalThis.t4cLive;
let kernelId = document.documentElement.dataset.kernel;

const parsed = (node) => JSON.parse(node.textContent);
const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

// What a page carries that was made for this reader.
function carried() {
  const state = document.getElementById('t4c-widgets');
  if (!state) return null; // the page was broken off; it says so itself
  const nodes = [...document.querySelectorAll('script.t4c-output')];
  const found = { kernel: kernelId, outputs: nodes.map(parsed), widgets: parsed(state) };
  for (const node of nodes) node.remove();
  return found;
}

// A page that was painted before has no kernel yet: it is asked for while its figures stand there already. Until there
// is one, figures stay, and what is typed counts when it comes.
async function askedFor() {
  for (;;) {
    const answer = await (live.asked ?? live.ask());
    live.asked = null;
    if (answer?.ok) return answer.json();
    if (answer && answer.status < 500) location.reload(); // the door is shut, and says why
    if (answer?.status === 503) line.full();
    else line.lost();
    await pause(AGAIN);
  }
}

// A press before the page is alive is not lost: it is done once what was typed before it has arrived.
const pressed = [];
function hold(event) {
  const button = event.isTrusted && event.target.closest?.('.t4c-output button');
  if (!button) return;
  event.stopImmediatePropagation();
  button.setAttribute('aria-busy', 'true');
  pressed.push(button);
}

// Controls of ours come alive one after the other, each when its program is there.
async function allAlive() {
  const ends = performance.now() + LONGEST;
  const waiting = () => [...document.querySelectorAll('.t4c-output .t4c-control, .t4c-output .t4c-frame')].some((one) => !one.t4cAlive);
  while (waiting() && performance.now() < ends) await pause(10);
}

async function pressAgain(kernel, isAsPainted) {
  removeEventListener('click', hold, true);
  await kernel.idle();
  for (const button of pressed) {
    button.removeAttribute('aria-busy');
    if (button.isConnected && isAsPainted) button.click();
  }
  if (pressed.length && !isAsPainted) line.changed();
}

async function start() {
  const painted = !kernelId;
  const { kernel: id, state, outputs, widgets } = (painted ? await askedFor() : carried()) ?? {};
  if (!id) return;
  // A cell that failed is no painted page's: the page comes anew, and says it.
  if (painted && outputs.some((output) => output.output_type === 'error')) location.reload();
  kernelId = id;
  line.found();
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
  kernel.connect();
  line.heard = () => kernel.connectNow();
  await manager.restore(widgets.state ?? {});
  const places = document.querySelectorAll('.t4c-cell > .t4c-output'); // with what the page was painted with
  const shown = outputs.filter((output) => output.output_type !== 'error');
  if (painted && places.length !== shown.length) location.reload(); // the notebook shows other parts now
  await Promise.all(shown.map((output, at) => drawOutput(output, places[at], manager)));
  await allAlive();
  line.ready();
  // Who pressed a button saw what was painted: if somebody saved since, they are to look again first.
  await pressAgain(kernel, !painted || state === document.documentElement.dataset.state);
  drafts.offer(() => kernel.idle());
}

// A page that is left takes its kernel along. One that comes back from the browser's memory has none any more.
addEventListener('pagehide', () => {
  if (kernelId) fetch(`${base}voila/api/shutdown/${kernelId}`, { method: 'POST', keepalive: true, headers: live.headers() });
});
addEventListener('pageshow', (event) => { if (event.persisted) location.reload(); });

addEventListener('click', hold, true);
// Read while the server still works out the page.
globalThis.t4cVegaChart();
whenRead(start);
