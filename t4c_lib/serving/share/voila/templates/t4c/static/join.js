// Keeps the page of a join link up to date, and sends an entry again where the line failed. The page works without it.
const EVERY = 3000; // milliseconds
const line = () => document.getElementById('j-line');
let unsent = null;

async function show(answer) {
  const next = new DOMParser().parseFromString(await answer.text(), 'text/html');
  document.querySelector('main').replaceWith(next.querySelector('main'));
  document.body.dataset.open = next.body.dataset.open ?? '';
  (document.querySelector('[aria-invalid=true], fieldset[aria-invalid=true] input') ?? document.querySelector('[role=status], [role=alert]'))?.focus?.();
}

async function send() {
  const { action, body } = unsent;
  let answer;
  try {
    answer = await fetch(action, { method: 'POST', body, signal: AbortSignal.timeout(10_000) });
  } catch {
    line().textContent = 'No connection. Your entry is kept on this page and sent as soon as there is one: leave the page open.';
    return;
  }
  unsent = null; // sent twice, it would replace itself
  await show(answer);
}

async function look() {
  if (document.body.dataset.open !== 'yes') return;
  if (unsent) {
    await send();
    return;
  }
  try {
    const answer = await fetch(document.body.dataset.state, { cache: 'no-store', signal: AbortSignal.timeout(10_000) });
    if (!answer.ok) return;
    const { open, entered } = await answer.json();
    line().textContent = '';
    document.getElementById('j-entered').textContent = entered;
    if (!open) location.reload();
  } catch {
    line().textContent = 'No connection. What you entered before is safe.';
  }
}

document.addEventListener('submit', (event) => {
  event.preventDefault();
  unsent = { action: event.target.action, body: new URLSearchParams(new FormData(event.target)) };
  send();
});
addEventListener('online', look);
(async () => {
  for (;;) {
    await new Promise((done) => setTimeout(done, EVERY));
    await look();
  }
})();
