// The time of a meeting on the forum page. Start, length and the minutes of each intention are kept by the tab, so a reload
// loses nothing. What is left is said in whole minutes, as text that no screen reader is told of while it changes.
const meetingClock = (el) => {
  const EVERY = 10_000;
  const MINUTE = 60_000;
  const grid = () => el.querySelector('.f-grid');
  const place = () => el.querySelector('[data-keep=clock]');
  const key = () => `t4c meeting ${place().dataset.of}`;
  const read = () => JSON.parse(sessionStorage.getItem(key()) ?? 'null');
  const keep = (state) => sessionStorage.setItem(key(), JSON.stringify(state));
  const minutes = (count) => `${count} minute${count === 1 ? '' : 's'}`;
  const write = (node, text) => {
    if (node && node.textContent !== text) node.textContent = text;
  };

  // What was spent since the last look belongs to the intention that stood there, once the meeting is opened.
  const opened = (state) => state.start + (state.opening ?? 0) * MINUTE;
  function spend(state, now, end) {
    const from = Math.max(state.since, opened(state));
    const until = Math.min(now, end);
    if (until > from) state.spent[state.at] = (state.spent[state.at] ?? 0) + until - from;
    state.at = grid().dataset.number;
    state.since = now;
  }

  function show() {
    const clock = place();
    if (!clock) return;
    const form = el.querySelector('form[data-form=agenda]');
    const state = read();
    const stops = el.querySelector('[data-here=no-meeting]');
    if (stops) stops.hidden = !state;
    if (form && !form.elements.start.t4cTyped) {
      const at = state ? new Date(state.start) : new Date();
      form.elements.start.value = `${at.getHours()}`.padStart(2, '0') + ':' + `${at.getMinutes()}`.padStart(2, '0');
    }
    if (!state) {
      write(clock, '');
      for (const cell of el.querySelectorAll('[data-keep^=left-]')) write(cell, '');
      return;
    }
    const table = el.querySelector('.f-agenda');
    if (table && !state.agenda && Number(table.dataset.length) === state.length) {
      state.agenda = Object.fromEntries([...table.querySelectorAll('[data-minutes]')].map(({ dataset }) => [dataset.number, Number(dataset.minutes)]));
      state.opening = Number(table.dataset.opening);
    }
    const now = Date.now();
    const end = state.start + state.length * MINUTE;
    spend(state, now, end);
    keep(state);
    const left = (number) => Math.ceil(((state.agenda?.[number] ?? 0) * MINUTE - (state.spent[number] ?? 0)) / MINUTE);
    const inAll = Math.ceil((end - now) / MINUTE);
    const here = left(grid().dataset.number);
    const planned = state.agenda?.[grid().dataset.number];
    const forThis = !planned ? 'No time is set aside for this intention' : here > 0 ? `${minutes(here)} left for this intention` : 'The time for this intention is used up';
    if (now < state.start) write(clock, `The meeting starts at ${new Date(state.start).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' })}.`);
    else if (inAll <= 0) write(clock, 'The time of the meeting is used up.');
    else write(clock, `${now < opened(state) ? `${minutes(Math.ceil((opened(state) - now) / MINUTE))} left for the opening` : forThis}, ${minutes(inAll)} in all.`);
    for (const cell of el.querySelectorAll('[data-keep^=left-]')) {
      const number = cell.dataset.keep.slice('left-'.length);
      const planned = state.agenda?.[number];
      write(cell, !planned ? '' : left(number) > 0 ? minutes(left(number)) : 'used up');
    }
  }

  el.addEventListener('submit', ({ target }) => {
    if (target.dataset.form !== 'agenda') return;
    const length = Number(target.elements.namedItem('length').value);
    const [hours, past] = target.elements.start.value.split(':').map(Number);
    if (!Number.isInteger(length) || !Number.isInteger(past)) return;
    const start = new Date().setHours(hours, past, 0, 0);
    const before = read();
    const spent = before?.start === start ? before.spent : {};
    keep({ start, length, spent, agenda: null, opening: 0, at: grid().dataset.number, since: Math.max(start, before?.since ?? start) });
    show(); // the kernel sends nothing where the agenda is the same
  });
  el.addEventListener('click', ({ target }) => {
    if (!target.closest('[data-here=no-meeting]')) return;
    sessionStorage.removeItem(key());
    show();
  });
  const every = setInterval(show, EVERY);
  return { show, stop: () => clearInterval(every) };
};

// The pledge's wording out of the organisation's own Word document: the kernel reads it, and shows it before it is taken.
const readsWording = (el, send) => el.addEventListener('change', async ({ target }) => {
  const [file] = target.id === 'f-wording-file' ? target.files : [];
  if (!file) return;
  target.setAttribute('aria-busy', 'true');
  const text = document.getElementById('f-wording-text');
  text.t4cTyped = false; // what the document says takes the place of what was typed
  // What is too large isn't sent, only how large it is: the kernel refuses it in the same words.
  const files = file.size > 5_000_000 ? [] : [await file.arrayBuffer()];
  send('wording-file', { name: file.name, size: file.size }, files);
  target.value = '';
});
