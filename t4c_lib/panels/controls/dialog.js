// A question in front of the page, with the browser's own <dialog>: the rest waits, Escape says no, and the focus goes
// back to where it was.
controls.dialog = ({ model, el }) => stand(model, el, async (follow) => {
  const [open, dialog] = el.children;
  const [heading, text, inside, buttons] = dialog.children;
  const [yes, no] = buttons.children;
  follow(['label', 'heading', 'text', 'confirm', 'cancel', 'disabled'], () => {
    set(open, model.get('label'));
    open.hidden = !model.get('label');
    open.disabled = model.get('disabled');
    set(heading, model.get('heading'));
    set(text, model.get('text'));
    text.hidden = !model.get('text');
    set(yes, model.get('confirm'));
    set(no, model.get('cancel'));
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
});
