// The what-if: a lever is moved, the kernel answers, and what stands on the page is brought in step with it.
controls.what_if = async ({ model, el }) => {
  let turn = 0;
  let waiting = null; // what was moved while the kernel was still at the move before: only the last of it counts
  const send = (content) => {
    turn += 1;
    model.send({ ...content, turn });
  };
  const free = () => model.get('heard') >= turn;
  const ask = (content) => {
    if (free()) send(content);
    else waiting = content;
  };
  const parsed = () => parsedElement(model);

  async function showChart() {
    const place = el.querySelector('[data-keep=chart]');
    const reference = model.get('chart');
    if (!place || !reference || place.t4cChart === reference) return;
    place.t4cChart = reference;
    if (!place.firstElementChild) place.append(document.createElement('div'));
    await showWidget(model, reference, place);
  }

  el.addEventListener('input', ({ target }) => {
    target.t4cTyped = true;
    if (target.dataset.do !== 'lever') return;
    for (const one of el.querySelectorAll(`[data-lever="${target.dataset.lever}"]`)) {
      if (one !== target && Number.isFinite(Number(target.value || NaN))) Object.assign(one, { value: target.value, t4cTyped: true });
    }
    if (target.type === 'range') ask({ kind: 'lever', name: target.dataset.lever, value: target.value });
  });
  el.addEventListener('change', ({ target }) => {
    const { do: kind, lever } = target.dataset;
    if (!kind || target.type === 'range') return;
    const value = target.type === 'checkbox' ? (target.checked ? 'yes' : '') : target.value;
    if (target.localName === 'select') target.t4cTyped = false;
    ask({ kind, name: kind === 'lever' ? lever : target.value, value });
  });
  el.addEventListener('submit', (event) => {
    event.preventDefault();
    const of = event.target;
    if (of.dataset.form !== 'question') sending(of, event.submitter ?? of.querySelector('button'));
    if (of.dataset.form !== 'question') send({ kind: event.submitter?.dataset.kind ?? of.dataset.form, ...Object.fromEntries(new FormData(of).entries()) });
    else document.activeElement.dispatchEvent(new Event('change', { bubbles: true })); // Enter in a field: it counts as typed
  });
  el.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && event.target.dataset.do === 'lever') event.target.dispatchEvent(new Event('change', { bubbles: true }));
  });
  el.addEventListener('toggle', ({ target }) => {
    target.t4cOpened = true;
    if (target.open && target.dataset.first) ask({ kind: 'assumption', name: target.dataset.first });
  }, true);

  const stand = () => {
    morph(el, Object.assign(parsed(), { className: el.className }));
    const form = el.querySelector('#w-question');
    if (form) nameInAddress(Object.fromEntries(new URLSearchParams(form.dataset.address)));
    return showChart();
  };
  const heard = () => {
    if (free()) released(el);
    if (!free() || !waiting) return;
    const next = waiting;
    waiting = null;
    send(next);
  };
  model.on('change:element', stand);
  model.on('change:heard', heard);
  model.on('change:chart', showChart);
  // What was moved before the page came alive counts; a slider rounds its own value, so it is compared with one like it.
  const isMoved = (one) => {
    const alike = document.createElement('input');
    for (const name of ['type', 'min', 'max', 'step', 'value']) if (one.hasAttribute(name)) alike.setAttribute(name, one.getAttribute(name));
    return one.value !== alike.value;
  };
  const [early] = [...el.querySelectorAll('[data-do=lever]')].filter(isMoved);
  if (!el.firstElementChild) fill(el, parsed());
  if (early) send({ kind: 'lever', name: early.dataset.lever, value: early.value });
  await showChart();
};
