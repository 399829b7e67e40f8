// The work experience page: forms and presses go to the kernel, and what stands here is brought in step with its answer.
controls.work_experience = ({ model, el }) => {
  const KEY = 't4c by'; // as on the forum: said once for the tab
  let turn = 0;
  const by = () => el.querySelector('[name=by]');
  const remember = () => {
    const field = by();
    if (field && !field.value) field.value = sessionStorage.getItem(KEY) ?? '';
    if (field) field.t4cTyped = Boolean(field.value);
  };
  const send = (content, files = []) => {
    turn += 1;
    model.send({ turn, by: by()?.value ?? '', ...content }, undefined, files);
  };
  const valuesOf = (form) => Object.fromEntries(new FormData(form).entries());
  const busy = (node) => node?.setAttribute('aria-busy', 'true');
  const nameIt = (content) => {
    if (content.act === 'tab') nameInAddress({ tab: content.tab, record: '' });
    if (content.act === 'open') nameInAddress({ record: content.record });
    if (content.act === 'show') nameInAddress({ show: content.show });
  };

  el.addEventListener('input', ({ target }) => {
    if (target.name === 'by') sessionStorage.setItem(KEY, target.value);
    target.t4cTyped = true;
  });
  el.addEventListener('submit', (event) => {
    event.preventDefault();
    const { act, ...content } = event.target.dataset;
    if (act === 'filter') return;
    busy(event.submitter);
    send({ act, ...content, values: valuesOf(event.target) });
  });
  el.addEventListener('change', async ({ target }) => {
    if (target.form?.dataset.act === 'filter') {
      const chosen = valuesOf(target.form);
      nameInAddress(chosen);
      send({ act: 'filter', ...chosen });
    } else if (target.dataset.act === 'file' && target.files[0]) {
      const [file] = target.files;
      busy(target);
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
    event.preventDefault();
    if (button.dataset.sure && !window.confirm(button.dataset.sure)) return;
    const { sure, ...content } = button.dataset;
    busy(button);
    nameIt(content);
    send(content);
  });
  el.addEventListener('toggle', ({ target }) => { target.t4cOpened = true; }, true);

  keepFiles(model, () => el.querySelectorAll('[aria-busy]').forEach((one) => one.removeAttribute('aria-busy')));
  if (!el.firstElementChild) fill(el, parsedElement(model));
  remember();
  model.on('change:element', () => {
    const before = document.activeElement;
    const had = el.contains(before) ? before.id : '';
    morph(el, Object.assign(parsedElement(model), { className: el.className }));
    remember();
    const asked = el.querySelector('[data-focus]');
    asked?.closest('details')?.setAttribute('open', '');
    asked?.focus();
    asked?.scrollIntoView({ block: 'nearest' });
    if (!asked && had && !document.getElementById(had)) el.querySelector('[role=alert], h1')?.scrollIntoView({ block: 'nearest' });
  });
  model.on('change:heard', () => {
    if (model.get('heard') === turn) el.querySelectorAll('[aria-busy]').forEach((one) => one.removeAttribute('aria-busy'));
  });
};
