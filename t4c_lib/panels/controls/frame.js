// The frame of a page: finds an organisation by name or code among links that are there without any program.
const folded = (text) => text.normalize('NFD').replace(/[\u0300-\u036f'\u2019.]/g, '').toLowerCase().replace(/&/g, 'and');
const wordsOf = (text) => folded(text).split(/[^\p{L}\p{N}]+/u).filter(Boolean);

// How well an organisation is meant by what was typed; the smallest is the best, null is not at all.
function fit({ name, code, words }, typed) {
  const text = typed.join(' ');
  if (code === text || code === typed.join('-')) return 0;
  if (name === text) return 1;
  if (code.startsWith(text)) return 2;
  if (name.startsWith(text)) return 3;
  return typed.every((part) => words.some((word) => word.startsWith(part))) ? 4 : null;
}

function folding(details, { opened = () => {} } = {}) {
  const summary = details.querySelector('summary');
  details.addEventListener('toggle', () => { if (details.open) opened(); });
  if (details.open && details.contains(document.activeElement)) opened(); // it was opened before this program came
  details.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || !details.open) return;
    details.open = false;
    summary.focus();
    event.preventDefault();
  });
  const away = ({ target }) => {
    if (!details.contains(target) && getComputedStyle(summary).display !== 'none') details.open = false;
  };
  document.addEventListener('pointerdown', away);
  document.addEventListener('focusin', away);
  return () => {
    document.removeEventListener('pointerdown', away);
    document.removeEventListener('focusin', away);
  };
}

// What was looked for when the page was asked for anew: another organisation may have been brought in meanwhile.
const LOOKED_FOR = 't4c looked for';

function choosing(details) {
  const find = details.querySelector('input');
  if (!find) return folding(details);
  const none = details.querySelector('.t4c-none');
  const found = details.querySelector('[role=status]');
  const groups = [...details.querySelectorAll('ul')];
  const all = groups.flatMap((group) => [...group.children]).map((item) => {
    const link = item.querySelector('a');
    const code = item.querySelector('small').textContent;
    const name = link.textContent.slice(0, -code.length).trim();
    return { item, link, called: name, name: wordsOf(name).join(' '), code: folded(code), words: wordsOf(link.textContent) };
  });
  let best = null;

  function look() {
    const typed = wordsOf(find.value);
    const fits = all.map((one) => ({ one, rank: typed.length ? fit(one, typed) : 4 }));
    for (const { one, rank } of fits) {
      one.item.hidden = rank === null;
      one.item.classList.remove('t4c-best');
    }
    for (const group of groups) {
      group.hidden = [...group.children].every((item) => item.hidden);
      group.previousElementSibling.hidden = group.hidden;
    }
    const left = fits.filter(({ rank }) => rank !== null);
    best = typed.length && left.length ? left.reduce((a, b) => (b.rank < a.rank ? b : a)).one : null;
    best?.item.classList.add('t4c-best');
    best?.item.scrollIntoView({ block: 'nearest' });
    none.hidden = !typed.length || Boolean(best);
    if (!typed.length) found.textContent = `${all.length} organisations`;
    else if (!best) found.textContent = 'No name and no code begins like this. Try fewer letters.';
    else found.textContent = `${left.length} of ${all.length}. Enter opens ${best.called}.`;
  }

  const shown = () => all.filter(({ item }) => !item.hidden).map(({ link }) => link);
  find.addEventListener('input', look);
  find.addEventListener('keydown', (event) => {
    if (event.key === 'Enter') {
      best?.link.click();
      event.preventDefault();
    }
    if (event.key === 'Escape' && find.value) {
      find.value = '';
      look();
      event.stopPropagation();
      event.preventDefault();
    }
  });
  details.addEventListener('keydown', (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || !details.open) return;
    const stops = [find, ...shown()];
    const at = stops.indexOf(document.activeElement);
    stops[Math.min(Math.max(at + step, 0), stops.length - 1)].focus();
    event.preventDefault();
  });
  details.querySelector('.t4c-find').hidden = false;
  details.querySelector('.t4c-again').addEventListener('click', () => {
    sessionStorage.setItem(LOOKED_FOR, find.value);
    location.reload();
  });
  const before = sessionStorage.getItem(LOOKED_FOR);
  sessionStorage.removeItem(LOOKED_FOR);
  if (before) {
    find.value = before;
    details.open = true;
  }
  look();
  return folding(details, { opened: () => find.focus() });
}

// A page of an organisation that nobody has opened yet takes seconds to come: the line that is read out says what comes.
function going(el, model) {
  const said = el.querySelector('[data-part=said]');
  const go = (event) => {
    const link = event.target.closest?.('a[href]');
    if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    if (link.target || link.hasAttribute('download') || link.origin !== location.origin) return;
    if (link.pathname + link.search === location.pathname + location.search) return;
    for (const one of el.querySelectorAll('details[open]')) one.open = false;
    set(said, `Opening ${link.firstChild?.textContent.trim() || 'the page'}…`);
    document.body.classList.add('t4c-going');
  };
  // A file to save is made first, which can take seconds.
  const save = async (event) => {
    const link = event.target.closest?.('a[href][download]');
    if (!link || !el.contains(link) || event.defaultPrevented || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    set(said, 'Making the file…');
    const made = await fetch(link.href).catch(() => null);
    if (!made?.ok) {
      set(said, '');
      location.href = link.href; // the server says why, in words
      return;
    }
    const name = /filename="([^"]+)"/.exec(made.headers.get('Content-Disposition') ?? '')?.[1] ?? 'page.html';
    const file = URL.createObjectURL(await made.blob());
    Object.assign(document.createElement('a'), { href: file, download: decodeURIComponent(name) }).click();
    setTimeout(() => URL.revokeObjectURL(file), 60_000);
    set(said, `Downloaded: ${decodeURIComponent(name)}`);
  };
  const back = () => {
    set(said, model.get('said'));
    document.body.classList.remove('t4c-going');
  };
  document.addEventListener('click', go);
  document.addEventListener('click', save);
  addEventListener('pageshow', back);
  return () => {
    document.removeEventListener('click', go);
    document.removeEventListener('click', save);
    removeEventListener('pageshow', back);
  };
}

controls.frame = ({ model, el }) => stand(model, el, async (follow) => {
  for (const band of document.querySelectorAll('body > .t4c-band, body > .t4c-skip')) band.remove(); // it says all that
  for (const name of ['revision', 'said', 'marking']) {
    const part = el.querySelector(`[data-part=${name}]`);
    follow([name], () => set(part, model.get(name)));
  }
  // Browsers that can't show what is folded away have the links unfolded, as long as there is no button for it.
  const menu = el.querySelector('.t4c-menu');
  if (!CSS.supports('selector(::details-content)') && matchMedia('(min-width: 48rem)').matches) menu.open = true;
  const ends = [folding(menu), choosing(el.querySelector('.t4c-organisation'))];
  const here = el.querySelector('.t4c-here details');
  if (here) ends.push(folding(here));
  ends.push(going(el, model));
  let settled = model.get('settled');
  follow(['settled'], () => {
    if (model.get('settled') !== settled) globalThis.t4c?.drafts.forget(); // it is saved, and not offered again
    settled = model.get('settled');
  });
  const undo = el.querySelector('[data-part=undo]');
  follow(['can_undo'], () => { undo.hidden = !model.get('can_undo'); });
  undo.addEventListener('click', () => model.send({ kind: 'undo' }));
  return () => ends.forEach((end) => end());
});
