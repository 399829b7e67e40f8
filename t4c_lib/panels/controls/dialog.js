// A question in front of the page, with the browser's own <dialog>: the rest waits, Escape says no, and the focus goes
// back to where it was.
controls.dialog = async ({ model, el }) => {
  const heading = make('h2', { id: newId() });
  const text = make('p');
  const inside = make('div');
  const yes = make('button', { type: 'button', class: 't4c-button t4c-primary' });
  const no = make('button', { type: 'button', class: 't4c-button' });
  const dialog = make('dialog', { class: 't4c-dialog', 'aria-labelledby': heading.id },
    heading, text, inside, make('div', { class: 't4c-buttons' }, yes, no));
  const open = make('button', { type: 'button', class: 't4c-button', 'aria-haspopup': 'dialog' });
  el.classList.add('t4c-control');
  el.append(open, dialog);
  follow(model, ['label', 'heading', 'text', 'confirm', 'cancel', 'disabled'], () => {
    open.textContent = model.get('label');
    open.hidden = !model.get('label');
    open.disabled = model.get('disabled');
    heading.textContent = model.get('heading');
    text.textContent = model.get('text');
    text.hidden = !model.get('text');
    yes.textContent = model.get('confirm');
    no.textContent = model.get('cancel');
  });
  let answered = false;
  const answer = (said) => {
    answered = true;
    dialog.close();
    model.send({ kind: 'answer', yes: said });
  };
  const ask = () => {
    if (dialog.open) return;
    answered = false;
    dialog.showModal();
    no.focus(); // what changes nothing is what a hasty Enter should press
  };
  open.addEventListener('click', ask);
  yes.addEventListener('click', () => answer(true));
  no.addEventListener('click', () => answer(false));
  dialog.addEventListener('close', () => { if (!answered) model.send({ kind: 'answer', yes: false }); });
  model.on('msg:custom', (message) => { if (message.kind === 'open') ask(); });
  if (model.get('child')) await showWidget(model, model.get('child'), inside);
};
