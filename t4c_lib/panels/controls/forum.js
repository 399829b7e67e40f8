// The forum: rows that open in place. The kernel makes the HTML; here what stands on the page is brought in step with it,
// so that focus, scroll, and whatever is being typed stay. What an X is in figures is worked out where it is typed.

controls.forum = async ({ model, el }) => {
  const WAIT = 150; // milliseconds after a key, before the kernel is asked about what can't be read as a number yet
  // The fields that say who is at it are marked as such (data-who): by its name alone any field of a row could be one.
  const KEPT = ['by', 'side', 'speaker-management', 'speaker-staff'];
  const keptAs = (control) => `t4c ${control.dataset.of ?? ''}${control.dataset.who}`; // who speaks for a side is said for each organisation
  const LEAVING = ['open', 'close', 'intention', 'pledge'];
  const parsed = () => parsedElement(model);
  const part = (name) => el.querySelector(`[data-part=${name}]`);
  const form = () => el.querySelector('form[data-form=save]');
  const field = (name) => el.querySelector(`[data-who=${name}]`);
  const clock = meetingClock(el);
  let timer = 0;
  let chart = '';

  // Whoever types says it once for the meeting; the tab keeps it.
  function remember() {
    for (const name of KEPT) {
      const control = field(name);
      if (!control) continue;
      const kept = sessionStorage.getItem(keptAs(control)) ?? '';
      if (!control.value && kept) control.value = kept;
      control.t4cTyped = Boolean(control.value);
    }
  }

  const who = () => Object.fromEntries(KEPT.map((name) => [name, field(name)?.value ?? '']));
  let turn = 0;
  let pressed = { kind: '', turn: 0 }; // the last that was sent and is no draft
  let again = false; // a save was pressed before the page stood as the one before had left it
  const send = (kind, content = {}, files = []) => {
    turn += 1;
    const before = pressed;
    if (kind !== 'draft') pressed = { kind, turn };
    if (kind === 'close') {
      globalThis.t4c?.drafts.forget();
      // What is cancelled is not put aside by whatever is pressed before the kernel has answered.
      for (const one of el.querySelectorAll('.f-main form :is(input, textarea, select)')) one.t4cTyped = false;
    } else if (LEAVING.includes(kind)) putAside(before);
    model.send({ ...content, kind, turn, ...who() }, undefined, files);
  };
  readsWording(el, send);
  const valuesOf = (of) => Object.fromEntries(new FormData(of).entries());
  // Of a row what was typed, and no more: what somebody else saved meanwhile isn't taken back by a field nobody touched.
  const typedIn = (of) => {
    const names = new Set([...of.elements].filter(isTyped).map((one) => one.name));
    return Object.fromEntries([...new FormData(of).entries()].filter(([name]) => names.has(name)));
  };
  const busy = (button) => button?.setAttribute('aria-busy', 'true');
  const revisionShown = () => Number(el.querySelector('.f-grid')?.dataset.revision ?? 0);

  // One drawing goes from row to row: to make it anew takes three times as long as to move it.
  let drawing = null;
  async function showChart() {
    const place = el.querySelector('[data-keep=chart]');
    const reference = model.get('chart');
    if (!place || !reference || place.t4cChart === reference) return;
    place.t4cChart = reference;
    if (drawing && chart === reference.replace('IPY_MODEL_', '')) {
      place.replaceChildren(drawing);
      drawing.dispatchEvent(new CustomEvent('t4c-stands-here'));
      return;
    }
    chart = reference.replace('IPY_MODEL_', '');
    if (!place.firstElementChild) place.append(document.createElement('div'));
    drawing = (await showWidget(model, reference, place)).el;
  }

  // The address names what is open, so that a link can be sent and a reload stands where one was.
  function nameIt() {
    const grid = el.querySelector('.f-grid');
    if (!grid || !location.search.includes('organisation') && !document.documentElement.dataset.base) return;
    const measure = form()?.dataset.row?.startsWith('measure-') ? form().dataset.measure : '';
    nameInAddress({ intention: grid.dataset.number, measure });
  }

  function follow(of) {
    of.dataset.state = of.querySelector('[name=state]:checked')?.value ?? of.dataset.state;
    of.dataset.base = of.elements.base?.value ?? '';
  }

  // --- what an X comes to

  function answerHere(of) {
    const amount = Number(of.elements.x_amount.value.trim().replace(/,(?=\d{3}(,|\.|$))/g, '').replace('\u2212', '-') || NaN);
    const kind = of.elements.x_kind.value;
    const baseline = JSON.parse(of.dataset.baselines)[of.elements.base.value];
    if (!Number.isFinite(amount) || !baseline) return null;
    const now = JSON.parse(of.dataset.now);
    const change = { kind, amount: arithmetic.rounded(amount / JSON.parse(of.dataset.scales)[kind], 8) };
    const found = arithmetic.reading(change, baseline, now);
    return found && { found, twin: arithmetic.twin(change, baseline, now), baseline };
  }

  // Whether there is an answer that can be given here.
  function showAnswer(of) {
    if (!of.elements.x_amount) return false;
    const answer = answerHere(of);
    part('answer').classList.add('f-waiting');
    if (!answer) return false;
    const { found, twin, baseline } = answer;
    const twins = JSON.parse(of.dataset.twins);
    const isGap = !Object.keys(twins).length; // of which there is no other reading
    set(part('sentence'), isGap ? `The gap goes ${found.sentence}.` : `${found.sentence[0].toUpperCase()}${found.sentence.slice(1)}.`);
    set(part('twin'), twin && !isGap ? `${twins[twin.kind]} ${twin.sentence}.` : '');
    if (isGap) return true;
    const said = baseline.unit === 'count' ? arithmetic.number(found.goal) : arithmetic.percent(found.goal, of.elements.x_kind.value === 'level' ? arithmetic.typedDecimals(found.goal) : 1);
    document.dispatchEvent(new CustomEvent('t4c-target', { detail: { chart, value: found.goal, said } }));
    return true;
  }

  // A save was refused: what was sent is as new as before, and waits with its row when another one is opened.
  const notSaved = (of) => {
    for (const one of [...of.elements].filter(isTyped)) one.t4cSent = false;
    unsavedOf(of).hidden = false;
  };
  const unsavedOf = (of) => of.closest('.f-opened').previousElementSibling.querySelector('.f-unsaved');

  function typed(control) {
    control.t4cTyped = true;
    control.t4cSent = false;
    const of = control.form;
    if (of?.dataset.form !== 'save') return;
    follow(of);
    unsavedOf(of).hidden = false;
    const isSaid = /^(x_|base|b_|due|checkpoint|comparison|group|way)/.test(control.name) && showAnswer(of);
    clearTimeout(timer);
    const ask = () => {
      timer = 0;
      send('draft', { row: of.dataset.row, values: typedIn(of) });
    };
    // At once, once this is drawn, unless the kernel is still at what was typed before.
    timer = setTimeout(ask, isSaid && model.get('heard') === turn ? 0 : WAIT);
  }

  // --- what was typed in rows that are not open now

  // By the organisation that the frame shows: an address may name none.
  const asideAs = `t4c not saved ${document.querySelector('.t4c-here')?.dataset.organisation ?? ''}`;
  const aside = new Map(JSON.parse(sessionStorage.getItem(asideAs) ?? '[]')); // by row: its name, and what was typed
  const keepAside = () => sessionStorage.setItem(asideAs, JSON.stringify([...aside]));
  const isNew = (control) => control.t4cTyped && !control.t4cSent;
  const unanswered = new Set(); // rows put aside only because their save was not answered yet
  let left = ''; // the row that is being left: it may be shown once more before the next one is

  // The same of other forms, such as a reason or an action of one's own: by where a field stands.
  const fieldsAs = asideAs.replace('not saved', 'entered');
  const fields = new Map(JSON.parse(sessionStorage.getItem(fieldsAs) ?? '[]'));
  const PAPERS = ['agenda', 'pre-read', 'since', 'minutes']; // of no row and no intention
  const placeOf = (one) => `${one.closest('.f-opened') ? form()?.dataset.row : one.closest('.f-main') && !one.closest('.f-minutes') ? el.querySelector('.f-grid').dataset.number : ''} ${one.id}`;
  const OTHER_FIELDS = 'form:not([data-form=save], [data-private]) :is(input:not([type=radio], [type=file]), textarea, select)[id]';
  let submitted = null; // the form that was sent last, until the kernel has answered
  let submittedIn = 0; // and in which turn

  // Another row or intention is opened: what was typed here waits until this row is opened again.
  function putFieldsAside() {
    for (const one of el.querySelectorAll(OTHER_FIELDS)) if (isNew(one)) fields.set(placeOf(one), one.value);
    sessionStorage.setItem(fieldsAs, JSON.stringify([...fields]));
  }

  function putAside(before = pressed) {
    putFieldsAside();
    const of = form();
    const isUnanswered = before.kind === 'save' && model.get('heard') < before.turn;
    if (!of || !isUnanswered && ![...of.elements].some(isNew)) return;
    if (isUnanswered && ![...of.elements].some(isNew)) unanswered.add(of.dataset.row);
    left = of.dataset.row;
    aside.set(of.dataset.row, [of.getAttribute('aria-label').replace(/^[^:]*: /, ''), typedIn(of)]);
    keepAside();
  }

  function takeBackFields() {
    if (!fields.size) return;
    for (const one of el.querySelectorAll(OTHER_FIELDS)) {
      const place = placeOf(one);
      if (!fields.has(place) || isTyped(one)) continue;
      one.value = fields.get(place);
      one.t4cTyped = true;
      one.closest('details')?.setAttribute('open', '');
      fields.delete(place);
    }
    sessionStorage.setItem(fieldsAs, JSON.stringify([...fields]));
  }

  function type(of, name, value, checked = true) {
    const same = [...of.elements].find((one) => one.name === name && (!/^(radio|checkbox)$/.test(one.type) || one.value === value));
    if (!same) return;
    if (/^(radio|checkbox)$/.test(same.type)) same.checked = checked;
    else same.value = value;
    same.closest('details')?.setAttribute('open', '');
    typed(same);
  }

  function takeBack() {
    takeBackFields();
    const of = form();
    if (of?.dataset.row !== left) left = '';
    const waits = of && !left && aside.get(of.dataset.row);
    if (waits) {
      aside.delete(of.dataset.row);
      keepAside();
      for (const [name, value] of Object.entries(waits[1])) type(of, name, value);
    }
    for (const row of aside.keys()) document.querySelector(`tr[id="${row}"] .f-unsaved`)?.removeAttribute('hidden');
    if (of && [...of.elements].some(isNew)) unsavedOf(of).hidden = false;
    const place = el.querySelector('.f-aside-rows');
    if (place) set(place, aside.size ? `Not saved yet: ${[...aside.values()].map(([name]) => name).join('; ')}.` : '');
  }

  // What was typed since a save was sent is no part of it: it goes on in the form that comes then, unfolded as before.
  function carryOn(before, after) {
    if (!after || before === after || before?.dataset.row !== after.dataset.row || LEAVING.includes(pressed.kind)) return;
    for (const { dataset } of before.querySelectorAll('details[data-group][open]')) {
      after.querySelector(`details[data-group=${dataset.group}]`)?.setAttribute('open', '');
    }
    for (const { name, value, checked } of [...before.elements].filter(isNew)) type(after, name, value, checked);
  }

  // The row alone, as large as it fits; the chart takes the width that it has now, and no other message is waited for.
  const projects = () => document.body.classList.contains('t4c-projector');
  const nameView = () => {
    for (const button of el.querySelectorAll('[data-here=projector]')) set(button, projects() ? 'Back to the whole page' : 'Projector view');
  };
  function project(on) {
    if (on === projects()) return;
    document.body.classList.toggle('t4c-projector', on);
    nameView();
    if (on) window.scrollTo({ top: 0 });
    else el.querySelector('.f-is-open')?.scrollIntoView({ block: 'nearest' });
    window.dispatchEvent(new Event('resize'));
  }

  // --- what is pressed and typed

  const save = () => {
    again = model.get('heard') < pressed.turn;
    busy(form().querySelector('.f-primary'));
    if (again) return;
    for (const control of form().elements) control.t4cSent = control.t4cTyped;
    send('save', { row: form().dataset.row, values: typedIn(form()), revision: revisionShown() });
  };

  el.addEventListener('input', ({ target }) => {
    if (target.dataset.who) sessionStorage.setItem(keptAs(target), target.value);
    if (target.name) typed(target);
  });
  el.addEventListener('submit', (event) => {
    event.preventDefault();
    const of = event.target;
    clearTimeout(timer);
    timer = 0;
    if (of.dataset.form === 'save') {
      save();
      return;
    }
    sending(of, of.querySelector('.f-button'), PAPERS.includes(of.dataset.form) ? '' : 'Saving…');
    submitted = of;
    submittedIn = turn + 1;
    send(of.dataset.form, of.dataset.form === 'create' ? { values: valuesOf(of) } : valuesOf(of));
  });
  // Whoever speaks for one side is asked before the other's agreement is put on record: it can't be undone by a press.
  const SIDES = { management: 'management', staff: 'the staff side' };
  const AGREEING = ['agree', 'agree-all', 'agree-pledge'];
  const mayAgreeFor = (side) => {
    const mine = field('side')?.value;
    return !(mine in SIDES) || mine === side || window.confirm(`You speak for ${SIDES[mine]}. Record all the same that ${SIDES[side]} agrees?`);
  };
  el.addEventListener('click', (event) => {
    const button = event.target.closest('[data-do], [data-here]');
    if (!button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (button.dataset.here === 'projector') {
      project(!projects());
      return;
    }
    if (button.dataset.here === 'print') {
      window.print();
      return;
    }
    if (button.dataset.here === 'mine') {
      save();
      return;
    }
    if (!button.dataset.do) return;
    event.preventDefault();
    clearTimeout(timer);
    timer = 0;
    const { do: kind, ...content } = button.dataset;
    if (AGREEING.includes(kind) && !mayAgreeFor(content.for)) return;
    if (!button.closest('.f-opened') || LEAVING.includes(kind)) project(false);
    if (kind === 'close' && !button.form) putAside(); // folded up, not cancelled
    if (PAPERS.includes(kind)) putFieldsAside();
    busy(button);
    wanted = kind;
    send(kind, content);
  });
  el.addEventListener('toggle', ({ target }) => { target.t4cOpened = true; }, true);
  el.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    if (projects()) project(false);
    else if (event.target.closest('form.f-form')) send('close');
  });
  let hasKeys = Boolean(el.querySelector('[data-here=keys]')?.checked); // chosen here, for as long as the page is open
  el.addEventListener('change', ({ target }) => { if (target.dataset.here === 'keys') hasKeys = target.checked; });
  let goingTo = 0; // the intention that was asked for last, until the page stands there
  const turnPage = (event) => {
    const step = { PageDown: 1, PageUp: -1 }[event.key];
    if (!step || !event.altKey || !hasKeys) return;
    event.preventDefault();
    const number = (goingTo || Number(el.querySelector('.f-grid').dataset.number)) + step;
    if (number < 1 || number > 10) return;
    goingTo = number;
    send('intention', { number });
  };
  document.addEventListener('keydown', turnPage);

  // --- what the kernel says

  const focusAsked = () => {
    const asked = el.querySelector('[data-focus]');
    const fold = asked?.closest('details');
    if (fold) Object.assign(fold, { open: true, t4cOpened: true }); // at once: its own event comes after the next drawing
    asked?.focus();
    asked?.scrollIntoView({ block: 'nearest' });
    return asked;
  };
  let wanted = '';
  const stand = () => {
    const before = document.activeElement;
    const isIn = before.closest?.('.f-opened');
    const had = el.contains(before) ? { id: before.id, name: before.name, row: before.dataset.row ?? (isIn ? form()?.dataset.row : ''), do: before.dataset.do, part: before.closest('section')?.getAttribute('aria-labelledby') } : null;
    const number = el.querySelector('.f-grid')?.dataset.number;
    const formBefore = form();
    const next = parsed();
    morph(el, Object.assign(next, { className: el.className }));
    const keys = el.querySelector('[data-here=keys]');
    if (keys) keys.checked = hasKeys;
    remember();
    if (form()) follow(form());
    carryOn(formBefore, form());
    takeBack();
    if (again) busy(form()?.querySelector('.f-primary'));
    const asked = focusAsked();
    if (!asked && number && number !== el.querySelector('.f-grid').dataset.number) {
      el.querySelector('h1').focus({ preventScroll: true });
      window.scrollTo({ top: 0 });
    } else if (!asked && had && !el.contains(document.activeElement)) {
      const again = (had.id && document.getElementById(had.id))
        || (had.name && form()?.elements[had.name]) || el.querySelector(`[data-row="${had.row}"][data-do="${had.do}"]`)
        || (had.part && el.querySelector(`section[aria-labelledby="${had.part}"] [data-do="${had.do}"]`)) || el.querySelector(`.f-opener[data-row="${had.row ?? ''}"]`)
        || isIn && el.querySelector('.f-opener[aria-expanded=true]') || el.querySelector('[data-do=offer]');
      again?.focus?.({ preventScroll: true });
    }
    // What is refused stands where it is seen, not only where it belongs.
    if (!asked && pressed.turn === turn) el.querySelector('[role=alert]')?.scrollIntoView({ block: 'nearest' });
    const opened = el.querySelector('.f-is-open');
    if (!opened) project(false);
    nameView();
    // At the top, unless all of it is in sight.
    const reaches = el.querySelector('.f-opened')?.getBoundingClientRect().bottom ?? 0;
    if (wanted === 'open' && !asked) opened?.scrollIntoView({ block: reaches > window.innerHeight ? 'start' : 'nearest' });
    if (wanted === 'history') el.querySelector('.f-history')?.scrollIntoView({ block: 'nearest' });
    wanted = '';
    sayHere();
    clock.show();
    nameIt();
    showJoin(el);
    return showChart();
  };
  // Without a date, or after it, nothing can be worked out by the kernel, but what the X is in people.
  const sayHere = () => {
    if (!form()?.elements.x_amount || !part('answer') || part('sentence')?.textContent) return;
    showAnswer(form());
    part('answer').classList.remove('f-waiting');
  };
  const answered = () => {
    const place = part('answer');
    if (!place) return;
    place.classList.remove('f-waiting');
    const template = document.createElement('template');
    template.innerHTML = `<div>${model.get('answer')}</div>`;
    morphChildren(place, template.content.firstElementChild);
    if (timer || turn - model.get('heard') > 1) showAnswer(form()); // it is of what was typed before
    else sayHere();
  };
  // The last message was dealt with, even if nothing on the page changed by it.
  const heard = () => {
    // It was refused: what is recorded next is not what stands in it, so that it stays as it was typed.
    if (model.get('heard') >= submittedIn) submitted = null;
    if (pressed.kind === 'save' && model.get('heard') >= pressed.turn && form()?.closest('[data-refused]')) notSaved(form());
    if (model.get('heard') !== turn) return;
    goingTo = 0;
    if (left) {
      left = '';
      takeBack();
    }
    released(el);
    part('answer')?.classList.remove('f-waiting');
    if (turn === pressed.turn) focusAsked(); // pressed once more, and refused in the same words
    if (again && form()) save();
  };
  // What was saved or recorded is no longer offered when the page is loaded again.
  const settled = () => {
    // It is on record: the form is empty again, and folded as it was.
    for (const one of submitted?.elements ?? []) Object.assign(one, { t4cSent: true, t4cTyped: false });
    submitted?.reset();
    submitted?.closest('.f-opened details, .f-stages details')?.removeAttribute('open');
    submitted = null;
    const cancelled = pressed.kind === 'close'; // since it was sent: what was typed after it goes too
    globalThis.t4c?.drafts.forget(cancelled ? [] : [...el.querySelectorAll('form:not([data-private]) :is(input, textarea, select)')].filter(isNew));
  };
  const saved = () => {
    for (const row of unanswered) aside.delete(row);
    unanswered.clear();
    keepAside();
    for (const button of el.querySelectorAll('.f-primary')) {
      if (button.closest('form[data-form=save]')) set(button, 'Saved');
    }
  };
  model.on('change:element', stand);
  model.on('change:answer', answered);
  model.on('change:saved', saved);
  model.on('change:settled', settled);
  model.on('change:heard', heard);
  model.on('change:chart', showChart);
  keepFiles(model);

  // What was typed before the page came alive stays, and counts.
  const early = [...el.querySelectorAll('form[data-form=save] :is(input, textarea, select)')].filter((one) => (
    one.localName === 'select' ? [...one.options].some((option) => option.selected !== option.defaultSelected && one.value !== [...one.options].find((each) => each.defaultSelected)?.value)
      : one.type === 'radio' ? one.checked !== one.defaultChecked : one.value !== one.defaultValue));
  if (!el.querySelector('.f-grid, .f-main')) fill(el, parsed());
  for (const control of early) control.t4cTyped = true;
  if (!CSS.supports('selector(::details-content)') && matchMedia('(min-width: 75.01rem)').matches) {
    el.querySelector('.f-intentions details')?.setAttribute('open', '');
  }
  remember();
  if (form()) follow(form());
  for (const control of early) typed(control);
  takeBack();
  sayHere();
  clock.show();
  await showChart();
  return () => {
    clock.stop();
    document.removeEventListener('keydown', turnPage);
  };
};
