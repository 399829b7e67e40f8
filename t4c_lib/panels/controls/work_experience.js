// The work experience page: forms and presses go to the kernel, and what stands here is brought in step with its answer.
controls.work_experience = ({ model, el }) => {
  const KEY = 't4c by'; // as on the forum: said once for the tab
  const FIELD = ':is(input:not([type=hidden], [type=file]), select, textarea)';
  let turn = 0;
  // Never by its name: a record may have a field of that name too.
  const by = () => el.querySelector('[data-who=by]');
  const remember = () => {
    const field = by();
    if (field && !field.value) field.value = sessionStorage.getItem(KEY) ?? '';
    if (field) field.t4cTyped = Boolean(field.value);
  };
  const send = (content, files = []) => {
    turn += 1;
    model.send({ ...content, turn, by: by()?.value ?? '' }, undefined, files);
  };
  const valuesOf = (form) => Object.fromEntries(new FormData(form).entries());
  const SAVING = ['save', 'withdraw', 'take', 'keep_for', 'whole_from', 'purge'];
  const saying = (act) => (SAVING.includes(act) ? 'Saving…' : '');
  const nameIt = (content) => {
    // The register is what the page opens with: its address is the same with and without its name.
    if (content.act === 'tab') nameInAddress({ tab: content.tab === 'register' ? '' : content.tab, record: '' });
    if (content.act === 'show') nameInAddress({ show: content.show });
  };

  // --- what is typed and not saved yet

  const mine = () => [...el.querySelectorAll(`form:not([data-act=open], [data-act=filter]) ${FIELD}[id]`)].filter((one) => one.t4cMine);
  // Of forms that are not shown now, by the field's id: that is another one once the form was saved.
  const aside = new Map();
  function takeBack() {
    let count = 0;
    for (const [id, value] of aside) {
      const field = document.getElementById(id);
      if (!field) continue;
      aside.delete(id);
      if (field.t4cTyped) continue;
      Object.assign(field, { value, t4cTyped: true, t4cMine: true, t4cBack: true });
      const fold = field.closest('details');
      if (fold) Object.assign(fold, { open: true, t4cOpened: true });
      count += 1;
    }
    for (const note of el.querySelectorAll('[data-part=unsaved]')) note.hidden = ![...note.closest('form').elements].some((one) => one.t4cBack);
    return count;
  }
  // What the kernel put into a form stays there when something else is saved or checked: from then on it is a value of
  // the field's own, and no longer goes with the one that the page was sent.
  const keepFilled = () => {
    for (const one of el.querySelectorAll(`form[data-filled] ${FIELD}`)) if (one.value) Object.assign(one, { value: one.value, t4cTyped: true });
  };
  const close = () => {
    for (const one of el.querySelectorAll(`.w-opened ${FIELD}`)) Object.assign(one, { t4cTyped: false, t4cMine: false });
    send({ act: 'open', record: '' });
  };

  // A word in pasted rows, wherever it is all that a cell says; then they are checked again.
  const SPACE = '[^\\S\\t\\r\\n]'; // of any kind, within a cell
  function replaceWord(form, { found, meant }) {
    const rows = form.elements.pasted;
    const spelt = found.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll(/\s+/g, `${SPACE}+`);
    const isSplit = !rows.value.includes('\t') && meant.includes(',');
    rows.value = rows.value.replace(new RegExp(`(^|[\t",])${SPACE}*${spelt}${SPACE}*(?=$|[\t",\r])`, 'gm'), (_, start) => (
      isSplit && start !== '"' ? `${start}"${meant}"` : start + meant));
    Object.assign(rows, { t4cTyped: true, t4cMine: true });
    form.requestSubmit();
  }

  // --- what is pressed and typed

  const firstOf = (form) => (form ? el.querySelector(`form[data-form="${form}"] ${FIELD}`) : null);
  let pressed = { form: '', id: '' }; // the form in which something was, and its first field then
  const press = (form) => { pressed = { form: form?.dataset.form, id: firstOf(form?.dataset.form)?.id }; };

  el.addEventListener('input', ({ target }) => {
    if (target.dataset.who === 'by') sessionStorage.setItem(KEY, target.value);
    Object.assign(target, { t4cTyped: true, t4cMine: true });
  });
  el.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || !event.target.closest('.w-opened')) return;
    event.preventDefault();
    close();
  });
  el.addEventListener('submit', (event) => {
    event.preventDefault();
    const { act, ...content } = event.target.dataset;
    if (act === 'filter') return;
    sending(event.target, event.submitter ?? event.target.querySelector('button:not([type])'), saying(act));
    press(event.target);
    send({ act, ...content, values: valuesOf(event.target) });
  });
  el.addEventListener('change', async ({ target }) => {
    if (target.form?.dataset.act === 'filter') {
      const chosen = valuesOf(target.form);
      nameInAddress(chosen);
      send({ act: 'filter', ...chosen });
    } else if (target.dataset.act === 'file' && target.files[0]) {
      const [file] = target.files;
      target.setAttribute('aria-busy', 'true');
      // What is too large isn't sent, only how large it is: the kernel refuses it in words.
      send({ act: 'file', name: file.name, size: file.size }, file.size > 20_000_000 ? [new ArrayBuffer(0)] : [await file.arrayBuffer()]);
      target.value = '';
    }
  });
  el.addEventListener('click', (event) => {
    const button = event.target.closest('[data-act], [data-here]');
    if (!button || ['FORM', 'INPUT'].includes(button.tagName) || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (button.dataset.here === 'print') {
      window.print();
      return;
    }
    if (button.dataset.here === 'replace') {
      replaceWord(button.form, button.dataset);
      return;
    }
    event.preventDefault();
    if (button.dataset.sure && !window.confirm(button.dataset.sure)) return;
    const { sure, ...content } = button.dataset;
    sending(button, button, saying(content.act));
    press(button.form);
    nameIt(content);
    if (content.act === 'open' && !content.record) close();
    else send(content);
  });
  el.addEventListener('toggle', ({ target }) => { target.t4cOpened = true; }, true);

  keepFiles(model, () => released(el));
  if (!el.firstElementChild) fill(el, parsedElement(model));
  remember();
  keepFilled();
  const top = () => el.querySelector('.w-tabs')?.dataset ?? {};
  let shown = { ...top() };
  model.on('change:element', () => {
    const before = document.activeElement;
    const isHere = el.contains(before);
    const form = before.form?.dataset.form;
    for (const one of mine()) aside.set(one.id, one.value);
    morph(el, Object.assign(parsedElement(model), { className: el.className }));
    remember();
    keepFilled();
    const back = takeBack();
    const { settled, record } = top();
    // What is offered again when the page is loaded anew is what is typed here now, under the address that it has then.
    const drafts = globalThis.t4c?.drafts;
    if (record !== shown.record) {
      drafts?.forget();
      nameInAddress({ record });
    }
    if (record !== shown.record || settled !== shown.settled || back) drafts?.forget(mine());

    const asked = el.querySelector('[data-focus]');
    const first = firstOf(pressed.form);
    const isFree = document.activeElement === document.body || document.activeElement.form?.dataset.form === pressed.form;
    const again = first && first.id !== pressed.id && isFree ? first : null; // it was saved, and waits for the next
    const lost = isHere && !el.contains(document.activeElement);
    const next = asked ?? again ?? (lost ? el.querySelector(`button[data-record="${shown.record || '-'}"]`) ?? firstOf(form) ?? el.querySelector('h1') : null);
    const fold = next?.closest('details');
    if (fold) Object.assign(fold, { open: true, t4cOpened: true });
    next?.focus();
    next?.scrollIntoView({ block: 'nearest' });
    if (again) {
      again.form.querySelector('[role=alert]')?.scrollIntoView({ block: 'nearest' });
      pressed = { form: '', id: '' };
    }
    shown = { settled, record };
  });
  model.on('change:heard', () => {
    if (model.get('heard') === turn) released(el);
  });
};
