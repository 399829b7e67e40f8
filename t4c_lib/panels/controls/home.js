// Home: files, presses and what stands in its fields go to the kernel, and what stands here is brought in step with its
// answer.
controls.home = ({ model, el }) => {
  let turn = 0;
  let isWaiting = false; // a weight was typed while the kernel was still at the one before
  const free = () => model.get('heard') >= turn;
  const fields = () => [...el.querySelectorAll(':is(input, select)[name]:not([type=file])')];
  const send = (content, files = []) => {
    turn += 1;
    model.send({ turn, values: Object.fromEntries(fields().map((one) => [one.name, one.value])), ...content }, undefined, files);
  };
  const isWeight = (field) => field.name.startsWith('weight-');
  const weigh = () => {
    isWaiting = !free();
    if (!isWaiting) send({ act: 'weigh' });
  };
  const typed = (field) => {
    field.t4cTyped = true;
    if (isWeight(field)) weigh();
  };
  const stateOf = (node) => node.parentElement.querySelector('.t4c-state');

  // A file that will be refused isn't sent, only its name and size: the kernel refuses it in words.
  let handedIn = null;
  const take = async (input) => {
    const [file] = input.files;
    if (!file) return;
    const isTaken = file.size <= Number(input.dataset.largest)
      && input.accept.split(',').some((ending) => file.name.toLowerCase().endsWith(ending));
    handedIn = stateOf(input);
    set(handedIn, `Handing in ${file.name} …`);
    try {
      const content = isTaken ? await file.arrayBuffer() : new ArrayBuffer(0);
      send({ act: input.dataset.act, name: file.name, size: file.size }, [content]);
    } catch (error) {
      console.error(error);
      set(handedIn, `${file.name} could not be read. It may have been moved or be open in another program.`);
    }
    input.value = ''; // the same one can be chosen again once it is corrected
  };

  el.addEventListener('input', ({ target }) => {
    if (target.name && target.type !== 'file') typed(target);
  });
  el.addEventListener('change', ({ target }) => {
    if (target.type === 'file') take(target);
  });
  el.addEventListener('submit', (event) => {
    event.preventDefault();
    const { act, about } = event.target.dataset;
    sending(event.target, event.submitter ?? event.target.querySelector('button'));
    send({ act, about });
    const said = event.target.querySelector('.t4c-message p');
    if (!said) return;
    // Of this page only: the workbook puts its answer in the place.
    Object.assign(said, { className: 't4c-plain', hidden: false, textContent: 'Sent to the workbook, which has not answered yet: it is not known to be saved.' });
  });
  el.addEventListener('click', ({ target }) => {
    const button = target.closest('button[data-act]');
    if (!button) return;
    sending(button, button, '');
    if (button.dataset.act === 'download') set(stateOf(button), 'Asked the workbook for the file …');
    send({ ...button.dataset });
  });
  el.addEventListener('toggle', ({ target }) => { target.t4cOpened = true; }, true);

  keepFiles(model);
  const stand = () => morph(el, Object.assign(parsedElement(model), { className: el.className }));
  model.on('change:element', stand);
  model.on('change:progress', () => {
    if (model.get('progress') && handedIn) set(handedIn, model.get('progress'));
  });
  model.on('change:heard', () => {
    stand(); // also where the answer is what was there before the press
    if (!free()) return;
    released(el);
    el.querySelector('[data-focus]')?.focus();
    if (isWaiting) weigh();
  });

  if (!el.firstElementChild) fill(el, parsedElement(model));
  // What was typed, chosen or handed in before this program came counts.
  const early = fields().filter((one) => one.value !== (one.localName === 'select' ? [...one.options].find((each) => each.defaultSelected)?.value ?? '' : one.defaultValue));
  early.forEach((one) => { one.t4cTyped = true; });
  if (early.some(isWeight)) weigh();
  el.querySelectorAll('input[type=file]').forEach(take);
};
