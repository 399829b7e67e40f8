// A page's own program: makes the widgets that the page carries, and keeps the line to their kernel.
import '@lumino/widgets/style/index.css';
import '@jupyter-widgets/base/css/index.css';
import '@jupyter-widgets/controls/css/widgets.css';

import '../share/voila/templates/t4c/static/asked.js';
import '../share/voila/templates/t4c/static/common.js';
import { Kernel } from './kernel.js';
import { Manager } from './manager.js';
import { drawOutput } from './outputs.js';
import { showOthers } from './presence.js';

const AGAIN = 250; // milliseconds between two attempts
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
  event.preventDefault(); // a form would be sent by the browser itself
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

// The widgets and their line to the kernel, in place of what the page was painted with.
let before = null;
async function takeOver(widgets, shown, places) {
  const kernelUrl = new URL(`${base}api/kernels/${kernelId}/channels`, location.href);
  kernelUrl.protocol = kernelUrl.protocol.replace('http', 'ws');
  const kernel = new Kernel(kernelUrl.href, {
    opened: (comm, message) => manager.handle_comm_open(comm, message),
    found: line.found,
    lost: line.lost,
    ended: line.ended,
    failed: line.failed,
  });
  const manager = new Manager(kernel);
  before = manager;
  kernel.connect();
  line.heard = () => kernel.connectNow();
  await manager.restore(widgets.state ?? {});
  await Promise.all(shown.map((output, at) => drawOutput(output, places[at], manager)));
  await allAlive();
  return kernel;
}

// A link to a row goes to the row, as one to a place of the page would; a page that is loaded again stays where it was.
whenRead(() => {
  const isNew = performance.getEntriesByType('navigation')[0]?.type === 'navigate';
  if (isNew && !location.hash && !window.scrollY) document.querySelector('.t4c-meant')?.scrollIntoView();
});

async function start() {
  const painted = !kernelId;
  const answer = (painted ? await askedFor() : carried()) ?? {};
  if (!answer.kernel) return;
  kernelId = answer.kernel;
  const shown = answer.outputs.filter((output) => output.output_type !== 'error');
  const places = document.querySelectorAll('.t4c-cell > .t4c-output'); // with what the page was painted with
  if (painted && !isOfThisPage(answer, places)) location.reload();
  line.found();
  const kernel = await takeOver(answer.widgets, shown, places);
  line.ready();
  // Who pressed a button saw what was painted: if somebody saved since, they are to look again first.
  await pressAgain(kernel, !painted || answer.state === document.documentElement.dataset.state);
  drafts.offer(() => kernel.idle());
  showOthers(() => kernelId, document.documentElement.dataset, live.headers);
}

// Whether what the server made can stand in the places of this page. A cell that failed is no page's that stands here,
// and another version of the workbook has other programs and other parts: then the page comes anew.
function isOfThisPage({ outputs, server }, places) {
  const { dataset } = document.documentElement;
  const isSameVersion = server.split('-')[0] === dataset.server.split('-')[0];
  dataset.server = server;
  return isSameVersion && places.length === outputs.length && !outputs.some((output) => output.output_type === 'error');
}

// A workbook that was started again has no program of this page's: it makes one, and what it shows takes the place of
// what stands here. Until then figures and charts stay.
line.restarted = async () => {
  const answer = await askedFor();
  const { outputs, widgets } = answer;
  kernelId = answer.kernel;
  line.found();
  const places = document.querySelectorAll('.t4c-cell > .t4c-output');
  const charts = () => [...document.querySelectorAll('.t4c-chart')];
  const drawn = (chart) => chart.querySelector(':scope > .t4c-drawn');
  const old = charts().map(drawn);
  if (!isOfThisPage(answer, places)) location.reload();
  // Widgets can be ended only on the page: while that goes on a copy of what they show stands there.
  const { id } = document.activeElement;
  document.activeElement.blur(); // as long as what was typed there is known by its label
  const copies = [...places].map((place) => place.cloneNode(true));
  places.forEach((place, at) => { place.before(copies[at]); place.hidden = true; });
  await before.end();
  places.forEach((place, at) => {
    place.innerHTML = outputs[at].painted;
    place.hidden = false;
    copies[at].remove();
  });
  const fresh = charts();
  if (old.length === fresh.length) fresh.forEach((chart, at) => drawn(chart).append(...old[at].childNodes));
  const kernel = await takeOver(widgets, outputs, places);
  document.getElementById(id)?.focus({ preventScroll: true });
  for (const chart of fresh) chart.dispatchEvent(new Event('pointerenter')); // what was there may be of an X never saved
  drafts.offer(() => kernel.idle());
};

// A page that is left takes its kernel along. One that comes back from the browser's memory has none any more.
addEventListener('pagehide', () => {
  if (kernelId) fetch(`${base}voila/api/shutdown/${kernelId}`, { method: 'POST', keepalive: true, headers: live.headers() });
});
addEventListener('pageshow', (event) => { if (event.persisted) location.reload(); });

addEventListener('click', hold, true);
// Read while the server still works out the page.
globalThis.t4cVegaChart();
whenRead(start);
