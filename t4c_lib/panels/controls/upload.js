// A file from this computer. Checked here first, so that what is too large or of another kind is never sent.
controls.upload = ({ model, el }) => stand(model, el, (follow) => {
  const [input, state] = [el.querySelector('input'), el.querySelector('.t4c-state')];
  frame(model, el, follow);
  follow(['endings'], () => { input.accept = model.get('endings').join(','); });
  // A refusal takes the place of what was said while the file was on its way.
  follow(['state', 'error'], () => set(state, model.get('error') ? '' : model.get('state')));
  const refuse = (text) => {
    input.value = '';
    state.textContent = '';
    tell(model, 'error', text);
  };
  const take = async () => {
    const [file] = input.files;
    if (!file) return;
    const endings = model.get('endings');
    const inWords = (bytes) => (bytes < 1000 ? `${bytes} bytes` : bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`);
    if (endings.length && !endings.some((ending) => file.name.toLowerCase().endsWith(ending))) {
      refuse(`${file.name} is of another kind: only ${endings.join(', ')} can be read here.`);
      return;
    }
    if (file.size > model.get('largest')) {
      refuse(`${file.name} has ${inWords(file.size)}; at most ${inWords(model.get('largest'))} can be uploaded here.`);
      return;
    }
    if (model.get('error')) tell(model, 'error', '');
    state.textContent = `Handing in ${file.name} …`;
    try {
      model.send({ kind: 'file', name: file.name }, undefined, [await file.arrayBuffer()]);
    } catch (error) {
      console.error(error);
      refuse(`${file.name} could not be read. It may have been moved or be open in another program.`);
    }
  };
  input.addEventListener('change', take);
  take(); // a file may have been chosen before this program came
});
